import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeZip, type ZipSpec } from "../manager/storage/support/zip-writer.ts";
import { refusalOf, type Refusal } from "../support/api.ts";
import { cutOff } from "../support/cut-off.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** Uploads that are not to be taken: each is refused with a reason, its draft stays a draft, and nothing is left on the disk. */
/** Longer than any wait in a test, which tells more when it ends. */
const PATIENCE = 120_000;
/** Enough for a zip of 100,000 entries. */
const MAX_UPLOAD_BYTES = 20_000_000;
const ONE_LINK = 0o120777;

let farm: Farm;
let plain: Uint8Array;
let zstd: Uint8Array;

beforeAll(async () => {
  const folder = await scenes();
  plain = readFileSync(join(folder, "animated.blend"));
  zstd = readFileSync(join(folder, "animated-compressed.blend"));
  farm = await startFarm({ settings: { "max-upload-size": String(MAX_UPLOAD_BYTES) } });
}, PATIENCE);

afterAll(() => farm?.stop(), PATIENCE);

type Content = Uint8Array | Blob | ReadableStream;

/** Sends content as the raw body to a new draft, and checks that nothing of it stays. */
async function refused(name: string, content: Content): Promise<Refusal> {
  const job = await farm.api.createJob();
  return nothingLeft(job.id, () => farm.api.upload(job.id, name, content));
}

async function nothingLeft(jobId: number, send: () => Promise<Response>): Promise<Refusal> {
  const refusal = await refusalOf(await send());
  await until("nothing of the upload is left", () => farm.received().length === 0, { describe: farm.received });
  const { status, progress } = await farm.api.job(jobId);
  expect([status, progress.tasks]).toEqual(["draft", 0]);
  expect(await farm.api.json("GET", `/api/jobs/${jobId}/files`)).toEqual({ items: [], nextCursor: null });
  return refusal;
}

const zip = (...entries: ZipSpec[]) => new Uint8Array(writeZip([{ name: "a.blend", content: plain }, ...entries]));
const form = (field: string, content: Blob, name: string): FormData => {
  const data = new FormData();
  data.append(field, content, name);
  return data;
};

describe("what is no scene", () => {
  test.each([
    ["a text", "scene.blend", new TextEncoder().encode("I am not a scene.\n"), "not_a_scene"],
    ["an empty file", "scene.blend", new Uint8Array(), "not_a_scene"],
    [
      "a picture that is called a scene",
      "scene.blend",
      new Uint8Array(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")),
      "not_a_scene",
    ],
    [
      "a pointer of Git LFS",
      "scene.blend",
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"),
      "not_a_scene",
    ],
    ["a .blend's first bytes alone", "scene.blend", new TextEncoder().encode("BLENDER-v304"), "damaged_scene"],
    ["gzip of a text", "scene.blend", new Uint8Array(gzipSync("I am not a scene either.")), "not_a_scene"],
  ])(
    "%s is refused",
    async (_, name, content, code) => {
      expect(await refused(name, content)).toMatchObject({ status: 422, code });
    },
    PATIENCE,
  );

  test(
    "a .blend that is cut off is refused, plain and compressed",
    async () => {
      for (const whole of [plain, zstd, new Uint8Array(gzipSync(plain))])
        for (const part of [0.1, 0.5, 0.99]) {
          const cut = whole.slice(0, Math.floor(whole.length * part));
          expect(await refused("cut.blend", cut)).toMatchObject({ status: 422, code: "damaged_scene" });
        }
    },
    PATIENCE,
  );

  test(
    "a .blend that inflates without end is refused",
    async () => {
      // The head of a block of two gigabytes, and then nothing but zeros, 1,000 times smaller on the way.
      const head = Buffer.from([...Buffer.from("BLENDER-v304DATA"), 0xff, 0xff, 0xff, 0x7f, ...new Uint8Array(16)]);
      const zeros = gzipSync(new Uint8Array(2 ** 24));
      const bomb = Buffer.concat([gzipSync(head), ...Array<Buffer>(128).fill(zeros)]);
      const { code } = await refused("bomb.blend", new Uint8Array(bomb));
      expect(["too_large", "damaged_scene"]).toContain(code);
    },
    PATIENCE,
  );
});

describe("archives", () => {
  const bad: [string, () => Uint8Array][] = [
    ["a path that leads out with ..", () => zip({ name: "../../etc/cron.d/evil", content: "x" })],
    ["a path with Windows' ..", () => zip({ name: "..\\..\\evil.txt", content: "x" })],
    ["an absolute path", () => zip({ name: "/etc/passwd", content: "x" })],
    ["a path of a Windows drive", () => zip({ name: "C:\\Windows\\evil.dll", content: "x" })],
    ["a link out of its folder", () => zip({ name: "link", content: "/etc/passwd", mode: ONE_LINK })],
    ["the same file twice", () => zip({ name: "a.blend", content: "x" })],
    ["a claim of 100 GB", () => zip({ name: "big", content: "x", claims: { size: 100e9 }, zip64: true })],
    ["more than it says it holds", () => zip({ name: "b", content: new Uint8Array(100_000), claims: { size: 10 } })],
    ["no file at all", () => new Uint8Array(writeZip([]))],
    [
      "100,000 entries",
      () => new Uint8Array(writeZip([...Array(100_000).keys()].map((n) => ({ name: `${n}`, stored: true })))),
    ],
    ["a cut in the middle", () => zip().slice(0, 50_000)],
  ];

  test.each(bad)(
    "a zip with %s is refused",
    async (_, content) => {
      expect(await refused("project.zip", content())).toMatchObject({ status: 422, code: "bad_archive" });
    },
    PATIENCE,
  );

  test(
    "a tar.gz that is cut off is refused",
    async () => {
      const whole = readFileSync(join(await scenes(), "project.tar.gz"));
      const { status, code } = await refused("project.tar.gz", new Uint8Array(whole.subarray(0, whole.length >> 1)));
      expect([status, code]).toEqual([422, "bad_archive"]);
    },
    PATIENCE,
  );

  test(
    "a zip whose .blend is damaged is refused, and says which file that is",
    async () => {
      const archive = new Uint8Array(writeZip([{ name: "folder/broken.blend", content: plain.slice(0, 1000) }]));
      const refusal = await refused("project.zip", archive);
      expect(refusal).toMatchObject({ status: 422, code: "damaged_scene" });
      expect(refusal.message).toContain("folder/broken.blend");
    },
    PATIENCE,
  );
});

describe("uploads over the cap", () => {
  const tooLarge = { status: 413, code: "too_large" };
  const large = new Uint8Array(MAX_UPLOAD_BYTES + 1);

  test(
    "are refused when they say so",
    async () => {
      expect(await refused("large.blend", large)).toMatchObject(tooLarge);
    },
    PATIENCE,
  );

  test(
    "are refused when they do not say so",
    async () => {
      expect(await refused("large.blend", new Blob([large]).stream())).toMatchObject(tooLarge);
    },
    PATIENCE,
  );

  test(
    "are refused as a form",
    async () => {
      const job = await farm.api.createJob();
      const send = () =>
        farm.api.call("POST", `/api/jobs/${job.id}/upload`, form("file", new Blob([large]), "large.blend"));
      expect(await nothingLeft(job.id, send)).toMatchObject(tooLarge);
    },
    PATIENCE,
  );
});

describe("uploads that break off", () => {
  test.each(["raw", "form"] as const)(
    "leave nothing (%s)",
    async (kind) => {
      const job = await farm.api.createJob();
      const before = farm.received().length;
      const cut = await cutOff(farm.api, job.id, kind, plain.slice(0, 200_000));
      await until("the upload is under way", () => farm.received().length > before, { describe: farm.received });
      cut();
      await until("nothing of the upload is left", () => farm.received().length === 0, { describe: farm.received });
      expect((await farm.api.job(job.id)).status).toBe("draft");
    },
    PATIENCE,
  );
});

describe("uploads that are asked for wrongly", () => {
  test(
    "without a name",
    async () => {
      const job = await farm.api.createJob();
      const send = () => farm.api.call("POST", `/api/jobs/${job.id}/upload`, plain);
      expect(await nothingLeft(job.id, send)).toMatchObject({ status: 400, code: "bad_request" });
    },
    PATIENCE,
  );

  test(
    "as a form without the field",
    async () => {
      const job = await farm.api.createJob();
      const send = () =>
        farm.api.call("POST", `/api/jobs/${job.id}/upload`, form("blend", new Blob([plain]), "a.blend"));
      expect(await nothingLeft(job.id, send)).toMatchObject({ status: 400, code: "bad_request" });
    },
    PATIENCE,
  );

  test(
    "to a job that has started",
    async () => {
      const id = await farm.api.submit(join(await scenes(), "animated.blend"));
      await farm.api.untilJob(id, "queued");
      const refusal = await refusalOf(await farm.api.upload(id, "more.blend", plain));
      expect(refusal).toMatchObject({ status: 409, code: "already_started" });
    },
    PATIENCE,
  );
});

test(
  "after all of that a good upload is taken, as a form too",
  async () => {
    const job = await farm.api.createJob({ autostart: false });
    const answer = await farm.api.call(
      "POST",
      `/api/jobs/${job.id}/upload`,
      form("file", new Blob([plain]), "good one.blend"),
    );
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ name: "good one.blend", size: plain.length });
    const { scenes: found } = await until("the scene is read", async () => {
      const reading = await farm.api.call("GET", `/api/jobs/${job.id}/metadata`);
      return reading.status === 200 ? ((await reading.json()) as { scenes: { name: string }[] }) : null;
    });
    expect(found.map(({ name }) => name)).toEqual(["Scene"]);
  },
  PATIENCE,
);
