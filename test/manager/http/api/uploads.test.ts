import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { listUploads } from "#manager/db/files.ts";
import { getJob, listActiveJobs } from "#manager/db/jobs.ts";
import { getResumableUpload } from "#manager/db/resumable-uploads.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { addKey } from "#manager/services/keys.ts";
import { createJob } from "#manager/services/jobs.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { sweepUploads, tidyTempAtStart } from "#manager/services/sweeping-uploads.ts";
import { diskSpace } from "#manager/storage/outputs.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;
let ann: Record<string, string>;
let bob: Record<string, string>;
let annId: number;

beforeAll(async () => {
  farm = await memoryFarm({ readBlend: () => Promise.resolve({ blend: {} as never, thumbnailPng: null }) });
  app = createApp(farm);
  annId = addTestUser(farm, "ann@x");
  addTestUser(farm, "bob@x");
  const keyOf = (userEmail: string) => `Bearer ${addKey(farm, { name: userEmail, scope: "user", userEmail })}`;
  ann = { "tus-resumable": "1.0.0", authorization: keyOf("ann@x") };
  bob = { "tus-resumable": "1.0.0", authorization: keyOf("bob@x") };
});
afterAll(() => farm[Symbol.asyncDispose]());

const ask = async (method: string, path: string, headers: Record<string, string>, body?: string | ReadableStream) =>
  app.handle(new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body }) }));
const b64 = (text: string) => Buffer.from(text).toString("base64");
const named = (name: string, more = "") => ({ "upload-metadata": `filename ${b64(name)}${more}` });
const PIECE = { "content-type": "application/offset+octet-stream" };
const BLEND = "BLENDER-v403RENDH";

async function begin(size: number, headers: Record<string, string> = named("a.blend")): Promise<string> {
  const answer = await ask("POST", "/api/uploads", { ...ann, "upload-length": String(size), ...headers });
  expect(answer.status).toBe(201);
  return answer.headers.get("location")!;
}
const patch = (url: string, offset: number, body: string | ReadableStream, headers: Record<string, string> = {}) =>
  ask("PATCH", url, { ...ann, ...PIECE, "upload-offset": String(offset), ...headers }, body);
const offsetOf = async (url: string) => Number((await ask("HEAD", url, ann)).headers.get("upload-offset"));
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
const inTemp = () => readdirSync(farm.storage.temp);
const idOf = (url: string) => Number(url.split("/").at(-1));

/** A body that sends this much and then breaks off, or waits for ever; `taken` is when all of it was read. */
function brokenBody(bytes: string, end: "breaks" | "hangs"): { body: ReadableStream; taken: Promise<void> } {
  const taken = Promise.withResolvers<void>();
  let sent = false;
  const body = new ReadableStream(
    {
      pull: (controller) => {
        if (!sent) {
          sent = true;
          return controller.enqueue(new TextEncoder().encode(bytes));
        }
        taken.resolve();
        if (end === "breaks") return controller.error(new Error("the connection is gone"));
        return new Promise(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: taken.promise };
}

describe("a resumable upload", () => {
  test("says what is spoken here", async () => {
    const { status, headers } = await ask("OPTIONS", "/api/uploads", ann);
    expect(status).toBe(204);
    expect(headers.get("tus-version")).toBe("1.0.0");
    expect(headers.get("tus-extension")).toContain("termination");
    expect(headers.get("tus-max-size")).toBe("50000000000");
    expect(headers.get("tus-checksum-algorithm")).toContain("sha256");
  });

  test("arrives in pieces, each where the last one ended", async () => {
    const url = await begin(10);
    expect(await offsetOf(url)).toBe(0);
    const first = await patch(url, 0, "01234");
    expect([first.status, first.headers.get("upload-offset")]).toEqual([204, "5"]);
    expect(Date.parse(first.headers.get("upload-expires")!)).toBe(farm.clock.nowMs() + 24 * 3600 * 1000);
    const wrong = await patch(url, 4, "56789");
    expect([wrong.status, await codeOf(wrong)]).toEqual([409, "wrong_offset"]);
    const last = await patch(url, 5, "56789");
    expect([last.headers.get("upload-offset"), last.headers.get("upload-expires")]).toEqual(["10", null]);
    const head = await ask("HEAD", url, ann);
    expect(head.headers.get("upload-length")).toBe("10");
    expect(head.headers.get("upload-metadata")).toBe(`filename ${b64("a.blend")}`);
    expect(head.headers.get("cache-control")).toBe("no-store");
    expect(head.headers.get("tus-resumable")).toBe("1.0.0");
    expect(await Bun.file(join(farm.storage.temp, `upload-${idOf(url)}`)).text()).toBe("0123456789");
  });

  test("may bring its first piece when it begins", async () => {
    const answer = await ask(
      "POST",
      "/api/uploads",
      { ...ann, ...PIECE, "upload-length": "9", ...named("a") },
      "01234",
    );
    expect([answer.status, answer.headers.get("upload-offset")]).toEqual([201, "5"]);
  });

  test("keeps what has arrived when the connection breaks", async () => {
    const url = await begin(10);
    const answer = await patch(url, 0, brokenBody("0123", "breaks").body);
    expect(await codeOf(answer)).toBe("upload_incomplete");
    expect(await offsetOf(url)).toBe(4);
    expect((await patch(url, 4, "456789")).status).toBe(204);
  });

  test("goes on while the old connection hangs: whoever asks takes over", async () => {
    const url = await begin(10);
    const { body, taken } = brokenBody("0123", "hangs");
    const hanging = patch(url, 0, body);
    await taken;
    expect(await offsetOf(url)).toBe(4);
    expect(await codeOf(await hanging)).toBe("superseded");
    expect((await patch(url, 4, "456789")).status).toBe(204);
  });

  test("takes no more than was announced, and leaves nothing of what is too much", async () => {
    const url = await begin(5);
    expect((await patch(url, 0, "0123456789")).status).toBe(413);
    expect((await patch(url, 0, brokenBody("0123456789", "hangs").body)).status).toBe(413);
    expect(await offsetOf(url)).toBe(0);
  });

  test("checks a piece by its checksum, and keeps none that is damaged", async () => {
    const url = await begin(10);
    const sha = (text: string) => `sha256 ${new Bun.CryptoHasher("sha256").update(text).digest("base64")}`;
    const damaged = await patch(url, 0, "01234", { "upload-checksum": sha("other") });
    expect([damaged.status, await offsetOf(url)]).toEqual([460, 0]);
    expect((await patch(url, 0, "01234", { "upload-checksum": sha("01234") })).status).toBe(204);
    expect((await patch(url, 5, "56789", { "upload-checksum": "crc7 AAAA" })).status).toBe(400);
  });

  test("can be given up", async () => {
    const url = await begin(10);
    await patch(url, 0, "01234");
    expect((await ask("DELETE", url, ann)).status).toBe(204);
    expect((await ask("HEAD", url, ann)).status).toBe(404);
    expect(inTemp()).not.toContain(`upload-${idOf(url)}`);
  });

  test("is there for its owner alone", async () => {
    const url = await begin(5);
    for (const method of ["HEAD", "GET", "DELETE"]) expect((await ask(method, url, bob)).status).toBe(404);
    expect((await ask("PATCH", url, { ...bob, ...PIECE, "upload-offset": "0" }, "01234")).status).toBe(404);
    expect((await ask("PATCH", url, { ...PIECE, "tus-resumable": "1.0.0" }, "01234")).status).toBe(401);
    const list = async (who: Record<string, string>) =>
      ((await (await ask("GET", "/api/uploads", who)).json()) as { items: { id: number }[] }).items.map(({ id }) => id);
    expect(await list(ann)).toContain(idOf(url));
    expect(await list(bob)).toEqual([]);
  });
});

describe("an upload is refused before a byte of it", () => {
  test.each<[string, number, Record<string, string>]>([
    ["in another version of tus", 412, { "tus-resumable": "0.2.2" }],
    ["of a size that is no number", 400, { "upload-length": "many" }],
    ["of a size below nothing", 400, { "upload-length": "-1" }],
    ["over the cap", 413, { "upload-length": "50000000001" }],
    ["of a size that is to come", 411, { "upload-defer-length": "1" }],
    ["with metadata that are none", 400, { "upload-metadata": "filename ???" }],
    ["for a job that is not there", 404, named("a", `,job ${b64("4711")}`)],
    ["for a job by a name", 400, named("a", `,job ${b64("castle")}`)],
  ])("%s", async (_what, status, headers) => {
    const before = inTemp().length;
    const answer = await ask("POST", "/api/uploads", { ...ann, "upload-length": "10", ...headers });
    expect(answer.status).toBe(status);
    expect(inTemp().length).toBe(before);
  });

  test("that the disk has no room for", async () => {
    changeSetting(farm, "max-upload-size", "1000TB");
    const answer = await ask("POST", "/api/uploads", { ...ann, "upload-length": String(9e14) });
    expect([answer.status, await codeOf(answer)]).toEqual([507, "disk_full"]);
    // What others have been promised is not there for this one, as far as it has not arrived.
    const half = Math.round((await diskSpace(farm.storage)).free * 0.6);
    const first = await begin(half);
    expect((await ask("POST", "/api/uploads", { ...ann, "upload-length": String(half) })).status).toBe(507);
    await ask("DELETE", first, ann);
    await ask("DELETE", await begin(half), ann);
    changeSetting(farm, "max-upload-size", "50GB");
  });

  test("for somebody else's job", async () => {
    const job = await createJob(farm, { id: annId, admin: false } as never, { name: "Hers" });
    const headers = { ...bob, "upload-length": "9", ...named("a", `,job ${b64(String(job.id))}`) };
    expect((await ask("POST", "/api/uploads", headers)).status).toBe(404);
  });
});

describe("what has arrived", () => {
  test("becomes a job, and is no upload any more", async () => {
    const url = await begin(BLEND.length, named("castle.blend"));
    const make = () =>
      ask(
        "POST",
        "/api/jobs",
        { ...ann, "content-type": "application/json" },
        JSON.stringify({ name: "Castle", uploads: [idOf(url)] }),
      );
    const early = await make();
    expect([early.status, await codeOf(early)]).toEqual([409, "not_ready"]);
    await patch(url, 0, BLEND);
    const made = (await (await make()).json()) as { id: number; fileName: string };
    expect(made.fileName).toBe("castle.blend");
    const [file] = listUploads(farm.db, made.id, 0, 10);
    expect(await Bun.file(join(farm.storage.uploads, String(file!.id))).text()).toBe(BLEND);
    expect((await ask("HEAD", url, ann)).status).toBe(404);
    expect(inTemp()).not.toContain(`upload-${idOf(url)}`);
  });

  test("goes into a draft by its id", async () => {
    const job = await createJob(farm, { id: annId, admin: false } as never, { name: "Draft", autostart: false });
    const url = await begin(BLEND.length, named("c.blend", `,job ${b64(String(job.id))}`));
    await patch(url, 0, BLEND);
    expect((await ask("POST", `/api/jobs/${job.id}/upload?upload=${idOf(url)}`, bob)).status).toBe(404);
    const used = await ask("POST", `/api/jobs/${job.id}/upload?upload=${idOf(url)}`, ann);
    expect([used.status, ((await used.json()) as { name: string }).name]).toEqual([201, "c.blend"]);
    expect((await ask("POST", `/api/jobs/${job.id}/upload?upload=${idOf(url)}`, ann)).status).toBe(404);
  });

  test("and is no scene makes no job, and is gone", async () => {
    const before = listActiveJobs(farm.db).length;
    const url = await begin(5, named("notes.txt"));
    await patch(url, 0, "hello");
    const body = JSON.stringify({ name: "Notes", uploads: [idOf(url)] });
    const answer = await ask("POST", "/api/jobs", { ...ann, "content-type": "application/json" }, body);
    expect([answer.status, await codeOf(answer)]).toEqual([422, "not_a_scene"]);
    expect(listActiveJobs(farm.db).length).toBe(before);
    expect((await ask("HEAD", url, ann)).status).toBe(404);
    expect(inTemp()).not.toContain(`upload-${idOf(url)}`);
  });

  test("is kept when the manager's disk is full, for another try", async () => {
    await using full = await memoryFarm({
      readBlend: () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" })),
    });
    const userId = addTestUser(full, "cleo@x");
    const key = addKey(full, { name: "k", scope: "user", userEmail: "cleo@x" });
    const other = createApp(full);
    const headers = { "tus-resumable": "1.0.0", authorization: `Bearer ${key}` };
    const call = (method: string, path: string, more: Record<string, string>, body?: string) =>
      other.handle(
        new Request(`http://localhost${path}`, { method, headers: { ...headers, ...more }, body: body ?? null }),
      );
    await call("POST", "/api/uploads", { ...PIECE, "upload-length": "17", ...named("a.blend") }, BLEND);
    const job = await createJob(full, { id: userId, admin: false } as never, { name: "Draft" });
    expect((await call("POST", `/api/jobs/${job.id}/upload?upload=1`, {})).status).toBe(500);
    expect((await call("HEAD", "/api/uploads/1", {})).headers.get("upload-offset")).toBe("17");
  });
});

describe("over time", () => {
  test("a restart keeps uploads with what has arrived, and forgets those without a file", async () => {
    const url = await begin(10);
    await patch(url, 0, "01234");
    const lost = await begin(10);
    await Bun.file(join(farm.storage.temp, `upload-${idOf(lost)}`)).delete();
    await Bun.write(join(farm.storage.temp, "half-written"), "x");
    await tidyTempAtStart(farm);
    expect(await offsetOf(url)).toBe(5);
    expect(inTemp()).not.toContain("half-written");
    expect(getResumableUpload(farm.db, idOf(lost))).toBeNull();
  });

  test("what a crash has cut off goes on from where the disk has it", async () => {
    const url = await begin(10);
    await patch(url, 0, "0123456");
    truncateSync(join(farm.storage.temp, `upload-${idOf(url)}`), 3);
    expect(await offsetOf(url)).toBe(3);
    expect((await patch(url, 3, "3456789")).status).toBe(204);
  });

  test("what nobody finishes within a day is given up, with the draft that has nothing else", async () => {
    const job = await createJob(farm, { id: annId, admin: false } as never, { name: "Draft", autostart: false });
    const url = await begin(10, named("a", `,job ${b64(String(job.id))}`));
    farm.clock.advance(23 * 3600);
    await patch(url, 0, "01234");
    farm.clock.advance(2 * 3600);
    await sweepUploads(farm);
    expect([await offsetOf(url), getJob(farm.db, job.id)?.status]).toEqual([5, "draft"]);
    farm.clock.advance(23 * 3600);
    expect((await ask("HEAD", url, ann)).status).toBe(404);
    await sweepUploads(farm);
    expect(inTemp()).not.toContain(`upload-${idOf(url)}`);
    expect(getJob(farm.db, job.id)).toBeNull();
  });
});

test("whatever the headers say is answered, and never with a fault of ours", async () => {
  const url = await begin(10);
  const value = fc.oneof(
    fc.constantFrom("", "0", "5", "-1", "1e3", "99999999999999999999", "0x10", "filename", "a ====", "sha256 AAAA"),
    fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, "").trim()),
  );
  const name = fc.constantFrom(
    "tus-resumable",
    "upload-length",
    "upload-offset",
    "upload-metadata",
    "upload-checksum",
    "upload-defer-length",
    "content-type",
    "upload-concat",
  );
  const headers = fc.dictionary(name, value, { maxKeys: 5 });
  const method = fc.constantFrom("POST", "PATCH", "HEAD", "DELETE", "OPTIONS");
  const path = fc.constantFrom("/api/uploads", url, "/api/uploads/0", "/api/uploads/x", "/api/uploads/999999");
  await fc.assert(
    fc.asyncProperty(method, path, headers, fc.string({ maxLength: 20 }), async (how, where, said, body) => {
      const hasBody = how === "POST" || how === "PATCH";
      const answer = await ask(how, where, { ...ann, ...said }, hasBody ? body : undefined);
      expect(answer.status).not.toBe(500);
      await answer.arrayBuffer();
    }),
    { numRuns: 400 },
  );
});
