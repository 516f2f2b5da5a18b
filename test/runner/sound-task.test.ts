import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SoundOrder, SoundOutcome, SoundWatch } from "#programs/blender/mix-sound.ts";
import { BadBlenderArchive } from "#programs/blender/pack/entry.ts";
import { NoRoom } from "#programs/own/unpack-blender.ts";
import type { CompleteBody, LeasedSound } from "#protocol/runner.ts";
import { BrokenBlender, type BlenderCache } from "#runner/blender-cache.ts";
import { createHeldTasks } from "#runner/held-tasks.ts";
import type { FrameFile } from "#runner/outbox-store.ts";
import { ManagerRefusal } from "#runner/manager-errors.ts";
import { createShutdown } from "#runner/shutdown.ts";
import { soundTask } from "#runner/sound-task.ts";
import { stillPatience, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const TASK: LeasedSound = {
  ...{ id: 12, jobId: 7, jobName: "dragon", kind: "sound", attempt: 1, frames: "25-48", firstFrame: 25, lastFrame: 48 },
  ...{ blenderVersion: "4.3.2", blender: null, order: { mainFile: "dragon.blend", scene: "Cave", addons: ["rigify"] } },
  context: { version: 1, size: 0, sha256: "" },
};

type Mix = (order: SoundOrder, watch: SoundWatch) => Promise<SoundOutcome>;

async function setUp(mix: Mix, task: Partial<LeasedSound> = {}, blenderCache?: BlenderCache) {
  const folder = await tempFolder();
  const tasksFolder = join(folder.path, "tasks");
  await mkdir(tasksFolder);
  const patience = stillPatience();
  const shutdown = createShutdown(patience.time);
  const tasks = createHeldTasks(1, patience.log);
  const ends: CompleteBody[] = [];
  const filed: Omit<FrameFile, "size" | "sha256">[] = [];
  const orders: SoundOrder[] = [];
  let released = 0;
  let log = "";
  const host = {
    blenders: [{ version: "4.3.2", path: "/opt/blender-4.3.2/blender" }],
    blenderCache,
    ...{ sandbox: { kind: "none", detail: "a test" } as const, homeFolder: join(folder.path, "home"), tasksFolder },
    contexts: {
      sweep: async () => {},
      acquire: async () => ({ folder: "/projects/7-1", release: () => void (released += 1) }),
      distrust: () => {},
    },
    mix: async (order: SoundOrder, watch: SoundWatch = {}) => {
      orders.push(order);
      return mix(order, watch);
    },
  };
  const outbox = {
    add: async (path: string, what: Omit<FrameFile, "size" | "sha256">) => {
      filed.push(what);
      return {
        file: { ...what, size: 1, sha256: "", id: "1", path },
        delivered: Promise.resolve({ kind: "filed" } as const),
      };
    },
  };
  const client = {
    complete: async (_: number, body: CompleteBody) => void ends.push(body),
    appendLog: async (_: number, __: unknown, bytes: Uint8Array) => void (log += Buffer.from(bytes).toString()),
  };
  const whole = { ...TASK, ...task };
  tasks.take(whole, (held) => soundTask(held, whole, { client, host, outbox, shutdown, patience }));
  return {
    ...{ tasks, shutdown, ends, filed, orders, patience },
    released: () => released,
    log: () => log,
    left: () => readdir(tasksFolder),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

test("sound is mixed for the frames of the video, and sent", async () => {
  await using run = await setUp(async ({ outputFolder }) => {
    const path = join(outputFolder, "sound.flac");
    await Bun.write(path, "fLaC");
    return { kind: "done", path };
  });
  await run.tasks.empty();
  expect(run.orders).toMatchObject([
    {
      ...{ blender: "/opt/blender-4.3.2/blender", projectFolder: "/projects/7-1", mainFile: "dragon.blend" },
      ...{ scene: "Cave", firstFrame: 25, lastFrame: 48, addons: ["rigify"] },
    },
  ]);
  expect(run.filed).toEqual([{ jobId: 7, taskId: 12, attempt: 1, frame: null, name: "sound.flac", of: 1 }]);
  expect(run.ends).toEqual([{ attempt: 1, ok: true, warnings: [] }]);
  expect([run.released(), await run.left()]).toEqual([1, []]);
});

test("silence is no file, and no failure", async () => {
  await using run = await setUp(async () => ({ kind: "done", path: null }));
  await run.tasks.empty();
  expect([run.filed, run.ends]).toEqual([[], [{ attempt: 1, ok: true, warnings: [] }]]);
});

test("a failure of Blender is told, and the project let go of", async () => {
  await using run = await setUp(async () => ({ kind: "failed", reason: "load_failed", message: "It is broken." }));
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "load_failed", message: "It is broken." }]);
  expect(run.released()).toBe(1);
});

const PACKED = { size: 10, sha256: "00", unpackedBytes: 30 };
const LACKING = { blenderVersion: "4.2.0", blender: PACKED };

/** A cache that has one Blender, or fails to get it, and counts who uses it. */
function aCache(acquire: () => Promise<void> = async () => {}) {
  const seen = { ordered: [] as unknown[], users: 0, most: 0 };
  const held = () => {
    seen.most = Math.max(seen.most, (seen.users += 1));
    return { path: "/cache/4.2.0/blender", release: () => void (seen.users -= 1) };
  };
  const cache: BlenderCache = {
    open: async () => {},
    useWhatIsThere: (version) => (version === "4.2.0" ? Promise.resolve(held()) : null),
    acquire: async (order) => {
      seen.ordered.push(order);
      await acquire();
      return held();
    },
  };
  return { cache, seen };
}

test("a Blender that this machine lacks is fetched, and held until the sound is mixed", async () => {
  const { cache, seen } = aCache();
  const usersWhileMixing: number[] = [];
  const mix: Mix = async () => (usersWhileMixing.push(seen.users), { kind: "done", path: null });
  await using run = await setUp(mix, LACKING, cache);
  await run.tasks.empty();
  expect(seen.ordered).toEqual([{ version: "4.2.0", ...PACKED }]);
  expect(run.orders).toMatchObject([{ blender: "/cache/4.2.0/blender" }]);
  expect([usersWhileMixing, seen.users]).toEqual([[1], 0]);
  expect(run.ends).toMatchObject([{ ok: true }]);
});

test("a fetched Blender that the manager has no more is used all the same", async () => {
  const { cache, seen } = aCache();
  await using run = await setUp(async () => ({ kind: "done", path: null }), { ...LACKING, blender: null }, cache);
  await run.tasks.empty();
  expect(run.orders).toMatchObject([{ blender: "/cache/4.2.0/blender" }]);
  expect([seen.ordered, seen.most, seen.users]).toEqual([[], 1, 0]);
});

test("a mix that fails lets go of the Blender too", async () => {
  const { cache, seen } = aCache();
  await using run = await setUp(() => Promise.reject(new Error("no such luck")), LACKING, cache);
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "internal" }]);
  expect([seen.most, seen.users]).toEqual([1, 0]);
});

test("a fetched Blender that does not start fails the task with what it said", async () => {
  const { cache } = aCache(() => Promise.reject(new BrokenBlender("Blender 4.2.0 does not start: no libGL.")));
  await using run = await setUp(async () => ({ kind: "aborted" }), LACKING, cache);
  await run.tasks.empty();
  expect(run.ends).toMatchObject([
    { ok: false, reason: "blender_unavailable", message: "Blender 4.2.0 does not start: no libGL." },
  ]);
});

test("a Blender that the disk has no room for, or whose archive is none, fails the task with that", async () => {
  const cases: [Error, Partial<CompleteBody>][] = [
    [new NoRoom("no space left on device"), { reason: "disk_full" }],
    [
      new BadBlenderArchive("It is no tar."),
      { reason: "internal", message: "What the task needs could not be fetched: It is no tar." },
    ],
  ];
  for (const [error, end] of cases) {
    const { cache } = aCache(() => Promise.reject(error));
    await using run = await setUp(async () => ({ kind: "aborted" }), LACKING, cache);
    await run.tasks.empty();
    expect(run.ends).toMatchObject([end]);
  }
});

test("when the manager has dropped the version meanwhile, the task is given back, and the log says why", async () => {
  const { cache } = aCache(() => Promise.reject(new ManagerRefusal(404, "not_found", "There is no Blender 4.2.0.")));
  await using run = await setUp(async () => ({ kind: "aborted" }), LACKING, cache);
  await run.tasks.empty();
  expect(run.ends).toEqual([{ attempt: 1, ok: false, givenBack: true, warnings: [] }]);
  expect(run.log()).toContain("[runner] given back: the manager has no Blender 4.2.0 any more\n");
});

test("a Blender that is gone fails the task", async () => {
  await using run = await setUp(async () => ({ kind: "aborted" }), { blenderVersion: "4.2.0" });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "blender_unavailable" }]);
});

test("a Blender that says nothing for an hour has hung", async () => {
  await using run = await setUp(async (_, { signal }) => {
    await until(() => signal!.aborted);
    return { kind: "aborted" };
  });
  await until(() => run.orders.length === 1);
  run.patience.time.advance(60 * 60_000);
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "hung" }]);
});

test("a stop gives the task back", async () => {
  await using run = await setUp(async (_, { signal }) => {
    await until(() => signal!.aborted);
    return { kind: "aborted" };
  });
  await until(() => run.orders.length === 1);
  run.shutdown.begin();
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, givenBack: true }]);
  expect(run.log()).toContain("[runner] given back: the runner stops\n");
});
