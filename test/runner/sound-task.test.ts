import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SoundOrder, SoundOutcome, SoundWatch } from "#programs/blender/mix-sound.ts";
import type { CompleteBody, LeasedSound } from "#protocol/runner.ts";
import { createHeldTasks } from "#runner/held-tasks.ts";
import type { FrameFile } from "#runner/outbox-store.ts";
import { createShutdown } from "#runner/shutdown.ts";
import { soundTask } from "#runner/sound-task.ts";
import { stillPatience, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const TASK: LeasedSound = {
  ...{ id: 12, jobId: 7, jobName: "dragon", kind: "sound", attempt: 1, frames: "25-48", firstFrame: 25, lastFrame: 48 },
  ...{ blenderVersion: "4.3.2", blender: null, order: { mainFile: "dragon.blend", scene: "Cave" } },
  context: { version: 1, size: 0, sha256: "" },
};

type Mix = (order: SoundOrder, watch: SoundWatch) => Promise<SoundOutcome>;

async function setUp(mix: Mix, task: Partial<LeasedSound> = {}) {
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
  const host = {
    blenders: [{ version: "4.3.2", path: "/opt/blender-4.3.2/blender" }],
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
  const client = { complete: async (_: number, body: CompleteBody) => void ends.push(body), appendLog: async () => {} };
  const whole = { ...TASK, ...task };
  tasks.take(whole, (held) => soundTask(held, whole, { client, host, outbox, shutdown, patience }));
  return {
    ...{ tasks, shutdown, ends, filed, orders, patience },
    released: () => released,
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
      ...{ scene: "Cave", firstFrame: 25, lastFrame: 48 },
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
});
