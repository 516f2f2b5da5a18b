import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource } from "#formats/exr/byte-source.ts";
import { pixelDigest } from "#formats/exr/pixel-digest.ts";
import type { ApiFile, ApiJob, ApiTask } from "../support/api.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { readPicture } from "../support/picture.ts";
import { blender, scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";
import { unzip } from "../support/zip.ts";

/** The main job: a .blend goes in, two runners render it at once, true EXR frames come out. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

const FRAMES = [1, 2, 3, 4, 5, 6];
const NAMES = FRAMES.map((frame) => `frame_000${frame}.exr`);

let farm: Farm;
let jobId: number;
/** What the job said of its progress while it went on. */
const percents: number[] = [];
let job: ApiJob;
let tasks: ApiTask[];
let outputs: ApiFile[];
let frames: Map<string, Uint8Array>;

beforeAll(async () => {
  const folder = await scenes();
  farm = await startFarm();
  await Promise.all([farm.startRunner({ name: "one" }), farm.startRunner({ name: "two" })]);
  jobId = await farm.api.submit(join(folder, "animated.blend"));
  await until(
    "the job ends",
    async () => {
      job = await farm.api.job(jobId);
      percents.push(job.progress.percent);
      return ["completed", "failed"].includes(job.status);
    },
    { seconds: 60, describe: () => job },
  );
  tasks = await farm.api.tasks(jobId);
  outputs = await farm.api.outputs(jobId);
  const contents = await Promise.all(
    outputs.map(async ({ name, url }) => [name, await (await farm.api.call("GET", url)).bytes()] as const),
  );
  frames = new Map(contents);
}, 120_000);

afterAll(() => farm?.stop(), 30_000);

const first = (): ApiFile => outputs[0]!;
const firstContent = (): Uint8Array => frames.get(NAMES[0]!)!;

test("every frame of the scene is filed under its number", () => {
  expect(job).toMatchObject({ status: "completed", frames: "1-6", warnings: [], reason: null });
  expect(job.progress).toMatchObject({
    frames: 6,
    framesDone: 6,
    tasks: 6,
    tasksDone: 6,
    tasksFailed: 0,
    percent: 100,
  });
  expect(outputs.map(({ name, frame }) => [name, frame])).toEqual(NAMES.map((name, i) => [name, FRAMES[i]!]));
});

test("the progress rises from 0 to 100 frame by frame", () => {
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  expect(percents[0]).toBe(0);
  expect(new Set(percents).size).toBeGreaterThan(3);
});

test("both runners had a part in it, and no frame was rendered twice", () => {
  expect(new Set(tasks.map((task) => task.runner?.name))).toEqual(new Set(["one", "two"]));
  expect(tasks.map((task) => task.attempts.map(({ outcome }) => outcome))).toEqual(tasks.map(() => ["completed"]));
});

test("each frame is a whole half-float RGBA EXR, compressed by ZIP, of the scene's size", async () => {
  for (const content of frames.values()) {
    const picture = await readPicture(content);
    expect([picture.width, picture.height, picture.compression]).toEqual([64, 36, "zip"]);
    expect(picture.channels.map(({ name, type }) => `${name}:${type}`)).toEqual([
      "A:half",
      "B:half",
      "G:half",
      "R:half",
    ]);
  }
});

test("alpha and light above 1.0 are kept", async () => {
  const picture = await readPicture(firstContent());
  const alpha = picture.channel("A");
  expect(Math.min(...alpha)).toBe(0);
  expect(Math.max(...alpha)).toBe(1);
  expect(alpha.some((value) => value > 0.01 && value < 0.99)).toBe(true);
  expect(Math.max(...picture.channel("R"))).toBeCloseTo(12, 1);
});

test("every pixel is the one that Blender alone renders", async () => {
  const bare = join(farm.folder, "bare");
  const script = join(import.meta.dir, "../fixtures/bare-output.py");
  const scene = join(await scenes(), "animated.blend");
  await blender([scene, "--python", script, "-o", join(bare, "frame_####"), "-s", "1", "-e", "6", "-a"]);
  const digests = new Set<string>();
  for (const name of NAMES) {
    const ours = await pixelDigest(memorySource(frames.get(name)!));
    expect(ours).toBe(await pixelDigest(memorySource(readFileSync(join(bare, name)))));
    digests.add(ours);
  }
  expect(digests.size).toBe(FRAMES.length);
}, 60_000);

test("a download has the size and the hash that the API tells", () => {
  for (const { name, size, sha256 } of outputs) {
    const content = frames.get(name)!;
    expect(content.byteLength).toBe(size);
    expect(new Bun.CryptoHasher("sha256").update(content).digest("hex")).toBe(sha256!);
  }
});

test("a part of a file can be asked for", async () => {
  const { url, size } = first();
  const answer = await farm.api.call("GET", url, undefined, { range: "bytes=4-99" });
  expect(answer.status).toBe(206);
  expect(answer.headers.get("content-range")).toBe(`bytes 4-99/${size}`);
  expect(await answer.bytes()).toEqual(firstContent().slice(4, 100));
  const beyond = await farm.api.call("GET", url, undefined, { range: `bytes=${size}-` });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
});

test("a file that the asker has already is not sent again", async () => {
  const { url, sha256 } = first();
  const etag = (await farm.api.call("GET", url)).headers.get("etag")!;
  expect(etag).toBe(`"${sha256}"`);
  const same = await farm.api.call("GET", url, undefined, { "if-none-match": etag });
  expect([same.status, await same.text()]).toEqual([304, ""]);
  const other = await farm.api.call("GET", url, undefined, { "if-none-match": '"other"' });
  expect([other.status, (await other.bytes()).byteLength]).toEqual([200, first().size]);
});

test("all outputs come as one archive, each file as it is", async () => {
  const answer = await farm.api.call("GET", `/api/jobs/${jobId}/outputs/archive`);
  expect(answer.headers.get("content-type")).toBe("application/zip");
  const files = await unzip(await answer.bytes());
  expect([...files.keys()].sort()).toEqual(NAMES);
  for (const [name, content] of files) expect(Buffer.compare(content, frames.get(name)!)).toBe(0);
});

test("a frame has a preview that browsers show", async () => {
  const answer = await farm.api.call("GET", first().previewUrl);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("image/webp");
  expect(Buffer.from(await answer.bytes()).toString("latin1", 8, 12)).toBe("WEBP");
}, 30_000);

test("the log of each attempt says what Blender did", async () => {
  for (const task of tasks) {
    const answer = await farm.api.taskLog(jobId, task.id);
    const log = await answer.text();
    expect(log).toContain(`Saved: '`);
    expect(log).toContain(`frame_000${task.frames}.exr`);
    expect(answer.headers.get("x-log-next")).toBe(String(Buffer.byteLength(log)));
  }
});

test("the uploaded file comes back as it was sent", async () => {
  const { items } = await farm.api.json<{ items: ApiFile[] }>("GET", `/api/jobs/${jobId}/files`);
  expect(items.map(({ name }) => name)).toEqual(["animated.blend"]);
  const content = await (await farm.api.call("GET", items[0]!.url)).bytes();
  expect(Buffer.compare(content, readFileSync(join(await scenes(), "animated.blend")))).toBe(0);
});
