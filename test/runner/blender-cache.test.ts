import { describe, expect, test } from "bun:test";
import { mkdir, readdir, readFile, rm, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { createBlenderCache, type BlenderCache, type StartFirst } from "#runner/blender-cache.ts";
import type { BlenderOrder } from "#runner/blender-download.ts";
import type { FilePlace, FileStream, ManagerClient } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { sha256Of, stillPatience, tarOf } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const never = new AbortController().signal;
const FILE_BYTES = 40_000;

/** What the cache counts of one Blender here. */
const UNPACKED_BYTES = FILE_BYTES + "4.2.0".length;

type Answer = (archive: Buffer, from: Omit<FilePlace, "name">, read: Read, signal: AbortSignal) => Promise<void>;
type Read = (stream: FileStream) => Promise<void>;

/** A packed Blender as official ones are: all in one folder; its executable says the version. */
function packed(version: string): Promise<Buffer> {
  const root = `blender-${version}-linux-x64`;
  return tarOf(
    { name: `${root}/blender`, mode: 0o755, content: version },
    { name: `${root}/data.bin`, content: Buffer.alloc(FILE_BYTES, version) },
  );
}

function stream(offset: number, ...pieces: Uint8Array[]): FileStream {
  return {
    offset,
    pieces: (async function* () {
      yield* pieces;
    })(),
  };
}

const whole: Answer = (archive, { offset }, read) => read(stream(offset, archive.subarray(offset)));
const cutAfter =
  (bytes: number): Answer =>
  (archive, { offset }, read) =>
    read(stream(offset, archive.subarray(offset, offset + bytes)));
/** A connection that says something, and then nothing more. */
const stuckAfter =
  (bytes: number): Answer =>
  (archive, { offset }, read, signal) =>
    read({
      offset,
      pieces: (async function* () {
        yield archive.subarray(offset, offset + bytes);
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
      })(),
    });

const startsWell: StartFirst = async (executable) => {
  return { told: { version: await readFile(executable, "utf8"), denoiser: true, gpus: [] } };
};

/** A manager that answers one way after the other and then always as it should, and caches in one folder that fetch from it. */
async function setUp() {
  const temp = await tempFolder();
  const folder = join(temp.path, "blenders");
  await mkdir(folder);
  const archives = new Map<string, Buffer>();
  const asked: string[] = [];
  const answers: Answer[] = [];
  const blender: ManagerClient["blender"] = async (version, from, signal, read) => {
    asked.push(`${version} from ${from.offset}`);
    return (answers.shift() ?? whole)(archives.get(version)!, from, read, signal);
  };
  const patience = stillPatience();
  patience.time.after = (_, run) => (setImmediate(run), () => {});
  const hooks = { onChange: () => {} };
  const heard = { blenders: [] as string[], broken: [] as string[] };
  const newCache = async (maxBytes = 1e9, startFirst = startsWell): Promise<BlenderCache> => {
    const cache = createBlenderCache({
      ...{ folder, maxBytes, client: { blender }, patience, startFirst },
      onChange: ({ blenders, broken }) => {
        Object.assign(heard, { blenders: blenders.map(({ version }) => version).sort(), broken });
        hooks.onChange();
      },
    });
    await cache.open();
    return cache;
  };
  const order = async (version: string, archive?: Buffer): Promise<BlenderOrder> => {
    const content = archive ?? (await packed(version));
    archives.set(version, content);
    return { version, size: content.length, sha256: sha256Of(content), unpackedBytes: UNPACKED_BYTES };
  };
  return {
    ...{ folder, asked, answers, heard, hooks, newCache, order, time: patience.time },
    /** The entries of the cache, and what of downloads lies about. */
    left: async () => ({
      entries: (await readdir(folder)).filter((name) => name !== "downloads").sort(),
      downloads: await readdir(join(folder, "downloads")),
    }),
    [Symbol.asyncDispose]: temp[Symbol.asyncDispose],
  };
}

/** A runner that ends when it has 3000 bytes of a Blender. */
async function leftBehind(farm: Awaited<ReturnType<typeof setUp>>, order: BlenderOrder): Promise<void> {
  farm.answers.push(stuckAfter(3000));
  const stop = new AbortController();
  const first = failing((await farm.newCache()).acquire(order, stop.signal));
  await arrived(farm.folder, 3000);
  stop.abort(new Error("the runner stops"));
  await first;
}

async function useOnce(cache: BlenderCache, order: BlenderOrder): Promise<string> {
  const held = await cache.acquire(order, never);
  held.release();
  return held.path;
}

const failing = (work: Promise<unknown>): Promise<Error | null> =>
  work.then(
    () => null,
    (error: Error) => error,
  );

describe("a Blender is fetched", () => {
  test("once, and is kept for the following tasks; the archive is not", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache();
    const order = await farm.order("4.2.0");
    const path = await useOnce(cache, order);
    expect(await useOnce(cache, order)).toBe(path);
    expect([basename(path), await readFile(path, "utf8")]).toEqual(["blender", "4.2.0"]);
    expect(farm.asked).toEqual(["4.2.0 from 0"]);
    expect(farm.heard).toEqual({ blenders: ["4.2.0"], broken: [] });
    expect(await farm.left()).toEqual({ entries: ["4.2.0"], downloads: [] });
  });

  test("once for two tasks that want it at the same time", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache();
    const order = await farm.order("4.2.0");
    const [one, other] = await Promise.all([useOnce(cache, order), useOnce(cache, order)]);
    expect(one).toBe(other);
    expect(farm.asked).toEqual(["4.2.0 from 0"]);
  });

  test("on by the task that waits, from where the one before it gave up", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache();
    const order = await farm.order("4.2.0");
    farm.answers.push(stuckAfter(1000));
    const quitting = new AbortController();
    const first = failing(cache.acquire(order, quitting.signal));
    const second = useOnce(cache, order);
    await arrived(farm.folder, 1000);
    quitting.abort(new Error("canceled"));
    expect(await first).toEqual(new Error("canceled"));
    expect(await readFile(await second, "utf8")).toBe("4.2.0");
    expect(farm.asked).toEqual(["4.2.0 from 0", "4.2.0 from 1000"]);
  });

  test("on from where the connection was cut", async () => {
    await using farm = await setUp();
    const away: Answer = () => Promise.reject(new ManagerUnreachable("away", 503));
    farm.answers.push(cutAfter(700), away, cutAfter(5000));
    await useOnce(await farm.newCache(), await farm.order("4.2.0"));
    expect(farm.asked).toEqual(["4.2.0 from 0", "4.2.0 from 700", "4.2.0 from 700", "4.2.0 from 5700"]);
  });

  test("on from where an earlier process of the runner was stopped", async () => {
    await using farm = await setUp();
    const order = await farm.order("4.2.0");
    await leftBehind(farm, order);
    await useOnce(await farm.newCache(), order);
    expect(farm.asked).toEqual(["4.2.0 from 0", "4.2.0 from 3000"]);
  });

  test("on from there also after another one has been fetched, as long as both have room", async () => {
    await using farm = await setUp();
    const order = await farm.order("4.2.0");
    await leftBehind(farm, order);
    await useOnce(await farm.newCache(), await farm.order("4.3.0"));
    await useOnce(await farm.newCache(), order);
    expect(farm.asked).toEqual(["4.2.0 from 0", "4.3.0 from 0", "4.2.0 from 3000"]);
  });

  test("anew when the manager has packed that version in another way, unless it is in use", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache();
    const old = await cache.acquire(await farm.order("4.2.0"), never);
    const root = "blender-4.2.0-again";
    const order = await farm.order("4.2.0", await tarOf({ name: `${root}/blender`, mode: 0o755, content: "4.2.0" }));
    expect(await useOnce(cache, order)).toBe(old.path);
    old.release();
    expect(await useOnce(cache, order)).toContain(root);
    expect(farm.asked.length).toBe(2);
  });
});

/** Waits until so many bytes of a download are on the disk. */
async function arrived(folder: string, bytes: number): Promise<void> {
  let size = 0;
  while (size < bytes) {
    const [name] = await readdir(join(folder, "downloads"));
    if (name !== undefined) size = Bun.file(join(folder, "downloads", name)).size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("after a restart of the runner", () => {
  test("what is there is found again, told of, and used without asking", async () => {
    await using farm = await setUp();
    const order = await farm.order("4.2.0");
    const path = await useOnce(await farm.newCache(), order);
    farm.heard.blenders = [];
    const cache = await farm.newCache();
    expect(farm.heard.blenders).toEqual(["4.2.0"]);
    expect(await useOnce(cache, order)).toBe(path);
    expect((await cache.useWhatIsThere("4.2.0"))?.path).toBe(path);
    expect(cache.useWhatIsThere("4.1.0")).toBeNull();
    expect(farm.asked).toEqual(["4.2.0 from 0"]);
  });

  test("what an earlier process unpacked or removed by half is swept away", async () => {
    await using farm = await setUp();
    for (const name of [".new-4.2.0", ".removing-4.1.0", "4.0.0"])
      await Bun.write(join(farm.folder, name, "tree/blender"), "half");
    await farm.newCache();
    expect(await farm.left()).toEqual({ entries: [], downloads: [] });
  });

  test("one that does not start any more goes, and is fetched again when it is wanted", async () => {
    await using farm = await setUp();
    const order = await farm.order("4.2.0");
    await rm(await useOnce(await farm.newCache(), order));
    const cache = await farm.newCache(1e9, async (path) =>
      (await Bun.file(path).exists()) ? startsWell(path) : { why: "it is gone" },
    );
    expect([farm.heard.blenders, (await farm.left()).entries]).toEqual([[], []]);
    expect(await readFile(await useOnce(cache, order), "utf8")).toBe("4.2.0");
  });
});

describe("when space is short", () => {
  const ROOM_FOR_TWO = 2 * UNPACKED_BYTES;

  test("the least recently used Blender goes, also one of before a restart", async () => {
    await using farm = await setUp();
    const before = await farm.newCache();
    for (const version of ["4.1.0", "4.2.0", "4.1.0"]) {
      await useOnce(before, await farm.order(version));
      farm.time.advance(1000);
    }
    await useOnce(await farm.newCache(ROOM_FOR_TWO), await farm.order("4.3.0"));
    expect((await farm.left()).entries).toEqual(["4.1.0", "4.3.0"]);
    expect(farm.heard.blenders).toEqual(["4.1.0", "4.3.0"]);
  });

  test("what has come of another one goes first, and after a week in any case", async () => {
    await using farm = await setUp();
    await useOnce(await farm.newCache(), await farm.order("4.1.0"));
    await leftBehind(farm, await farm.order("4.2.0"));
    await useOnce(await farm.newCache(ROOM_FOR_TWO), await farm.order("4.3.0"));
    expect(await farm.left()).toEqual({ entries: ["4.1.0", "4.3.0"], downloads: [] });
    await leftBehind(farm, await farm.order("4.2.0"));
    const [name] = (await farm.left()).downloads;
    const now = farm.time.nowMs() / 1000;
    await utimes(join(farm.folder, "downloads", name!), now, now);
    farm.time.advance(8 * 24 * 3600 * 1000);
    await farm.newCache();
    expect((await farm.left()).downloads).toEqual([]);
  });

  test("nothing goes as long as all fit, to the byte", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache(ROOM_FOR_TWO);
    for (const version of ["4.1.0", "4.2.0"]) await useOnce(cache, await farm.order(version));
    expect((await farm.left()).entries).toEqual(["4.1.0", "4.2.0"]);
    const tight = await farm.newCache(3 * UNPACKED_BYTES - 1);
    await useOnce(tight, await farm.order("4.3.0"));
    expect((await farm.left()).entries.length).toBe(2);
  });

  test("one that alone is larger than the cap is used, and is alone then", async () => {
    await using farm = await setUp();
    await useOnce(await farm.newCache(), await farm.order("4.1.0"));
    await useOnce(await farm.newCache(100), await farm.order("4.2.0"));
    expect((await farm.left()).entries).toEqual(["4.2.0"]);
  });

  test("one in use stays, until the last of its users has let go of it", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache(100);
    const order = await farm.order("4.1.0");
    const [one, other] = [await cache.acquire(order, never), (await cache.useWhatIsThere("4.1.0"))!];
    one.release();
    await useOnce(cache, await farm.order("4.2.0"));
    expect(await readFile(other.path, "utf8")).toBe("4.1.0");
    expect((await farm.left()).entries).toEqual(["4.1.0", "4.2.0"]);
    other.release();
    await useOnce(cache, await farm.order("4.3.0"));
    expect((await farm.left()).entries).toEqual(["4.3.0"]);
  });

  test("a disk that has no room for one says so, and nothing is fetched", async () => {
    await using farm = await setUp();
    const order = { ...(await farm.order("4.2.0")), unpackedBytes: Number.MAX_SAFE_INTEGER };
    expect(await failing(useOnce(await farm.newCache(), order))).toMatchObject({ name: "DiskFull" });
    expect([farm.asked, await farm.left()]).toEqual([[], { entries: [], downloads: [] }]);
  });
});

const SH = { mode: 0o755, content: "4.2.0" };
const BAD: [string, Parameters<typeof tarOf>][] = [
  [
    "a link leads outside",
    [
      { name: "b/blender", ...SH },
      { name: "b/lib", type: "symlink", linkname: "../../../x" },
    ],
  ],
  [
    "a link is absolute",
    [
      { name: "b/blender", ...SH },
      { name: "b/lib", type: "symlink", linkname: "/etc" },
    ],
  ],
  [
    "a path is absolute",
    [
      { name: "b/blender", ...SH },
      { name: "/tmp/jiggablend-evil", content: "x" },
    ],
  ],
  [
    "a path climbs out",
    [
      { name: "b/blender", ...SH },
      { name: "b/../../evil", content: "x" },
    ],
  ],
];

describe("a Blender is refused, and nothing of it is left,", () => {
  test("when it arrives with another SHA-256 every time", async () => {
    await using farm = await setUp();
    const order = { ...(await farm.order("4.2.0")), sha256: "0".repeat(64) };
    const error = await failing(useOnce(await farm.newCache(), order));
    expect(error).toMatchObject({ name: "BadDownload", message: "Blender 4.2.0 arrives damaged every time." });
    expect(farm.asked).toEqual(["4.2.0 from 0", "4.2.0 from 0"]);
    expect([farm.heard.blenders, await farm.left()]).toEqual([[], { entries: [], downloads: [] }]);
  });

  test.each(BAD)("when %s in its archive", async (_, items) => {
    await using farm = await setUp();
    const order = await farm.order("4.2.0", await tarOf(...items));
    expect(await failing(useOnce(await farm.newCache(), order))).toMatchObject({ name: "BadBlenderArchive" });
    expect([farm.heard.blenders, await farm.left()]).toEqual([[], { entries: [], downloads: [] }]);
    expect(await readdir(join(farm.folder, ".."))).toEqual(["blenders"]);
  });

  test("when it does not start here, which the manager is told", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache(1e9, async () => ({ why: "no libGL" }));
    const error = await failing(useOnce(cache, await farm.order("4.2.0")));
    expect(error).toMatchObject({
      name: "BrokenBlender",
      message: "Blender 4.2.0 does not start on this machine: no libGL",
    });
    expect(farm.heard).toEqual({ blenders: [], broken: ["4.2.0"] });
    expect(await farm.left()).toEqual({ entries: [], downloads: [] });
  });

  test("when the manager has it no more; the next one is fetched all the same", async () => {
    await using farm = await setUp();
    const cache = await farm.newCache();
    farm.answers.push(() => Promise.reject(new ManagerRefusal(404, "not_found", "There is no Blender 4.2.0.")));
    expect(await failing(useOnce(cache, await farm.order("4.2.0")))).toMatchObject({ status: 404 });
    await useOnce(cache, await farm.order("4.3.0"));
    expect(await farm.left()).toEqual({ entries: ["4.3.0"], downloads: [] });
  });
});

test("one that is given up in the moment in which it is ready stays there, but in nobody's use", async () => {
  await using farm = await setUp();
  const cache = await farm.newCache(100);
  const quitting = new AbortController();
  farm.hooks.onChange = () => quitting.abort(new Error("canceled"));
  expect(await failing(cache.acquire(await farm.order("4.1.0"), quitting.signal))).toEqual(new Error("canceled"));
  await useOnce(cache, await farm.order("4.2.0"));
  expect((await farm.left()).entries).toEqual(["4.2.0"]);
  expect(farm.asked).toEqual(["4.1.0 from 0", "4.2.0 from 0"]);
});
