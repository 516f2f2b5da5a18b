import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RenderOrder } from "#programs/blender/order.ts";
import type { Verdict } from "#programs/blender/outcome.ts";
import type { CompleteBody, LeasedRender } from "#protocol/runner.ts";
import type { BlenderCache } from "#runner/blender-cache.ts";
import { DiskFull } from "#runner/frame-filing.ts";
import { createHeldTasks, type HeldTask } from "#runner/held-tasks.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import type { Delivery, Outgoing } from "#runner/outbox.ts";
import type { FrameFile } from "#runner/outbox-store.ts";
import type { Renderer, RenderWatch } from "#runner/render-lease.ts";
import { renderTask } from "#runner/render-task.ts";
import { createShutdown } from "#runner/shutdown.ts";
import { aTask, stillPatience, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const DONE: Verdict = { kind: "done" };

/** Saves a frame as Blender does: one file of that name with something in it. */
async function saveFrame(order: RenderOrder, watch: RenderWatch, frame: number, ...names: string[]): Promise<void> {
  const all = names.length > 0 ? names : [`frame_000${frame}.exr`];
  const files = all.map((name, index) => ({ name, path: join(order.outputFolder, name), main: index === 0 }));
  for (const { path } of files) await Bun.write(path, "pixels");
  await watch.onEvent({ type: "frame_saved", frame, files });
}

const renderAll: Renderer = async (order, watch) => {
  for (const frame of order.frames) await saveFrame(order, watch, frame);
  return DONE;
};

type SetUp = {
  render?: Renderer;
  task?: Partial<LeasedRender>;
  /** How the delivery of a file ends; filed unless said otherwise. */
  deliver?: (file: Pick<FrameFile, "name">) => Promise<Delivery>;
  complete?: (body: CompleteBody) => void;
  fault?: (path: string) => string | null;
  acquire?: () => Promise<never>;
  add?: () => Promise<never>;
  blenderCache?: BlenderCache;
};

/** One task on one runner whose surroundings are stand-ins. */
async function setUp(options: SetUp = {}) {
  const folder = await tempFolder();
  const tasksFolder = join(folder.path, "tasks");
  await mkdir(tasksFolder);
  const patience = stillPatience();
  const shutdown = createShutdown(patience.time);
  const tasks = createHeldTasks(1, patience.log);
  const ends: CompleteBody[] = [];
  const filed: Omit<FrameFile, "size" | "sha256">[] = [];
  const orders: RenderOrder[] = [];
  const happened: string[] = [];
  let log = "";
  const deliver = options.deliver ?? (async () => ({ kind: "filed" }) as const);
  const work = {
    client: {
      complete: async (_: number, body: CompleteBody) => {
        ends.push(body);
        options.complete?.(body);
      },
      appendLog: async (_: number, __: unknown, bytes: Uint8Array) => void (log += Buffer.from(bytes).toString()),
    },
    host: {
      blenders: [{ version: "4.3.2", path: "/opt/blender-4.3.2/blender" }],
      blenderCache: options.blenderCache,
      sandbox: { kind: "none", detail: "a test" } as const,
      homeFolder: join(folder.path, "home"),
      tasksFolder,
      hangSeconds: 900,
      frameTimeLimitSeconds: 3600,
      contexts: {
        sweep: async () => {},
        acquire:
          options.acquire ?? (async () => ({ folder: "/projects/7-1", release: () => void happened.push("released") })),
        distrust: () => void happened.push("distrusted"),
      },
      render: async (order: RenderOrder, watch: RenderWatch) => {
        orders.push(order);
        expect(await readdir(order.outputFolder)).toEqual([]);
        return (options.render ?? renderAll)(order, watch);
      },
    },
    outbox: {
      add: async (_: string, what: Omit<FrameFile, "size" | "sha256">): Promise<Outgoing> => {
        await options.add?.();
        filed.push(what);
        const file = { ...what, size: 6, sha256: "", id: "1", path: "" };
        return { file, delivered: deliver(what) };
      },
    },
    checkFrame: async (path: string) => options.fault?.(path) ?? null,
    shutdown,
    patience,
  };
  let held: HeldTask | undefined;
  tasks.take(aTask(options.task), (task) => {
    held = task;
    return renderTask(task, aTask(options.task), work);
  });
  return {
    ...{ held: held!, tasks, shutdown, patience, ends, filed, orders, happened },
    log: () => log,
    leftInTasks: () => readdir(tasksFolder),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

test("a task is complete when all its frames are acknowledged, and leaves nothing behind", async () => {
  await using run = await setUp();
  await run.tasks.empty();
  expect(run.ends).toEqual([{ attempt: 1, ok: true, warnings: [] }]);
  expect(run.filed.map(({ frame, name, of }) => ({ frame, name, of }))).toEqual([
    { frame: 1, name: "frame_0001.exr", of: 1 },
    { frame: 2, name: "frame_0002.exr", of: 1 },
    { frame: 3, name: "frame_0003.exr", of: 1 },
  ]);
  expect(run.happened).toEqual(["released"]);
  expect(await run.leftInTasks()).toEqual([]);
});

test("Blender gets the lease's order, on this runner's Blender and within the shorter time limit", async () => {
  const order = { ...aTask().order, camera: "Close", samples: 64, device: "cpu" as const };
  await using run = await setUp({ task: { order, frames: "4", frameTimeLimitSeconds: 60 } });
  await run.tasks.empty();
  expect(run.orders[0]).toMatchObject({
    ...{ blender: "/opt/blender-4.3.2/blender", projectFolder: "/projects/7-1", mainFile: "dragon.blend", frames: [4] },
    ...{ device: "cpu", persistentData: false, frameTimeLimitSeconds: 60, hangSeconds: 900 },
    overrides: { scene: null, camera: "Close", engine: null, samples: 64, resolutionPercentage: null },
  });
});

test("a frame of several files is filed as one frame of so many", async () => {
  const render: Renderer = async (order, watch) => {
    await saveFrame(order, watch, 1, "frame_0001_L.exr", "frame_0001_R.exr");
    return DONE;
  };
  await using run = await setUp({ render, task: { frames: "1" } });
  await run.tasks.empty();
  expect(run.filed.map(({ name, of }) => `${name} of ${of}`)).toEqual([
    "frame_0001_L.exr of 2",
    "frame_0001_R.exr of 2",
  ]);
});

test("the end is told only when the last frame is acknowledged; its slot is free before", async () => {
  const arrival = Promise.withResolvers<Delivery>();
  await using run = await setUp({ deliver: () => arrival.promise });
  await until(() => run.held.phase === "delivering");
  expect(run.tasks.freeSlots()).toBe(1);
  expect(run.ends).toEqual([]);
  arrival.resolve({ kind: "filed" });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: true }]);
});

test("the end is told again until it was heard", async () => {
  let failures = 2;
  await using run = await setUp({
    complete: () => {
      if (failures-- > 0) throw new ManagerUnreachable("away");
    },
  });
  for (const [tries, ms] of [1000, 2000].entries()) {
    await until(() => run.ends.length > tries);
    await run.patience.time.waitedFor(ms);
    run.patience.time.advance(ms);
  }
  await run.tasks.empty();
  expect(run.ends).toHaveLength(3);
});

test("the whole log has been sent before the end is told", async () => {
  let atEnd = "";
  await using run = await setUp({
    render: async (_, watch) => {
      watch.onLine("Fra:1 Mem:9.91M");
      return DONE;
    },
    complete: () => (atEnd = run.log()),
  });
  await run.tasks.empty();
  expect(atEnd).toContain("[runner] frames 1-3; getting the project\nFra:1 Mem:9.91M\n");
  expect(atEnd).toEndWith("[runner] all that came out is filed\n");
});

test("the heartbeat's progress follows Blender's", async () => {
  const seen: unknown[] = [];
  const render: Renderer = async (order, watch) => {
    await watch.onEvent({ type: "frame_started", frame: 1 });
    await watch.onEvent({ type: "progress", frame: 1, done: 16, total: 64, remainingSeconds: 3 });
    seen.push(run.held.progress);
    await saveFrame(order, watch, 1);
    await watch.onEvent({ type: "finished", peakMemoryBytes: 5000 });
    seen.push(run.held.progress);
    return DONE;
  };
  await using run = await setUp({ render });
  await run.tasks.empty();
  expect(seen).toEqual([
    { frame: 1, done: 0, total: 3, sample: 16, samples: 64, memoryBytes: null, encoding: null },
    { frame: 1, done: 1, total: 3, sample: null, samples: null, memoryBytes: 5000, encoding: null },
  ]);
});

test("warnings are told with the end, each once", async () => {
  const warning = { code: "no_denoiser", message: "This Blender has no denoiser." } as const;
  const render: Renderer = async (_, watch) => {
    for (let twice = 0; twice < 2; twice += 1) await watch.onEvent({ type: "warning", ...warning });
    return DONE;
  };
  await using run = await setUp({ render });
  await run.tasks.empty();
  expect(run.ends[0]?.warnings).toEqual([warning]);
});

test("a failure of Blender is told with its reason, after the good frames are filed", async () => {
  const render: Renderer = async (order, watch) => {
    await saveFrame(order, watch, 1);
    return { kind: "failed", reason: "blender_crashed", message: "SIGSEGV on frame 2" };
  };
  await using run = await setUp({ render });
  await run.tasks.empty();
  expect(run.filed.map(({ frame }) => frame)).toEqual([1]);
  expect(run.ends).toEqual([
    { attempt: 1, ok: false, reason: "blender_crashed", message: "SIGSEGV on frame 2", warnings: [] },
  ]);
});

test("a damaged frame fails the task, and the others are filed all the same", async () => {
  const fault = (path: string) => (path.includes("0002") ? "The EXR is damaged." : null);
  await using run = await setUp({ fault });
  await run.tasks.empty();
  expect(run.filed.map(({ frame }) => frame)).toEqual([1, 3]);
  expect(run.ends).toMatchObject([{ ok: false, reason: "bad_output", message: "frame_0002.exr: The EXR is damaged." }]);
});

test("an empty frame is a damaged frame", async () => {
  const render: Renderer = async (order, watch) => {
    const path = join(order.outputFolder, "frame_0001.exr");
    await Bun.write(path, "");
    await watch.onEvent({ type: "frame_saved", frame: 1, files: [{ name: "frame_0001.exr", path, main: true }] });
    return DONE;
  };
  await using run = await setUp({ render });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ reason: "bad_output", message: "frame_0001.exr: The file is empty." }]);
});

test("a frame that the manager refuses fails the task with the manager's sentence", async () => {
  const error = new ManagerRefusal(422, "bad_frame", "The frame is 100x100 pixels, not 200x200.");
  await using run = await setUp({ deliver: async () => ({ kind: "failed", error }) });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ reason: "bad_output", message: "The frame is 100x100 pixels, not 200x200." }]);
});

const FULL = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
const DISK_FULL: [string, SetUp][] = [
  ["while the project is unpacked", { acquire: () => Promise.reject(FULL) }],
  ["while a frame goes to the outbox", { add: () => Promise.reject(FULL) }],
  ["while Blender writes", { render: () => Promise.reject(new DiskFull()) }],
];
test.each(DISK_FULL)("a disk that is full %s is told as such", async (_, options) => {
  await using run = await setUp(options);
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "disk_full" }]);
});

test("a Blender that is not there any more is told as such", async () => {
  await using run = await setUp({ task: { blenderVersion: "2.83.0" } });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ reason: "blender_unavailable" }]);
});

test("when the manager has dropped the version meanwhile, the task is given back, and the log says why", async () => {
  const gone = () => Promise.reject(new ManagerRefusal(404, "not_found", "There is no Blender 4.2.0."));
  const blenderCache = { open: async () => {}, useWhatIsThere: () => null, acquire: gone };
  const blender = { size: 10, sha256: "00", unpackedBytes: 30 };
  await using run = await setUp({ blenderCache, task: { blenderVersion: "4.2.0", blender } });
  await run.tasks.empty();
  expect(run.ends).toEqual([{ attempt: 1, ok: false, givenBack: true, warnings: [] }]);
  expect(run.log()).toContain("[runner] given back: the manager has no Blender 4.2.0 any more\n");
});

test("a project that the manager does not give is told with its sentence", async () => {
  await using run = await setUp({
    acquire: () => Promise.reject(new ManagerRefusal(404, "not_found", "The job is gone.")),
  });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([
    { reason: "internal", message: "What the task needs could not be fetched: The job is gone." },
  ]);
});

test.each(["load_failed", "missing_files"] as const)(
  "after %s the project is fetched anew, lest a damaged copy fail it again",
  async (reason) => {
    await using run = await setUp({ render: async () => ({ kind: "failed", reason, message: "" }) });
    await run.tasks.empty();
    expect(run.happened).toEqual(["distrusted", "released"]);
  },
);

test("an error that nobody foresaw is told as internal, and the runner goes on", async () => {
  await using run = await setUp({ render: () => Promise.reject(new RangeError("a bug")) });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ reason: "internal", message: "RangeError: a bug" }]);
});

test("frames that make no sense are told as internal", async () => {
  await using run = await setUp({ task: { frames: "10-1" } });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: false, reason: "internal" }]);
});

/** Renders frame 1 and goes on until it is aborted. */
const renderUntilAborted: Renderer = async (order, watch) => {
  await saveFrame(order, watch, 1);
  await new Promise<void>((resolve) => watch.signal.addEventListener("abort", () => resolve()));
  return { kind: "aborted" };
};

test("a task whose lease is lost ends its Blender, and tells nobody", async () => {
  await using run = await setUp({ render: renderUntilAborted });
  await until(() => run.filed.length === 1);
  run.tasks.lose(11, 1, "canceled");
  await run.tasks.empty();
  expect(run.ends).toEqual([]);
  expect(run.filed.map(({ frame }) => frame)).toEqual([1]);
  expect(await run.leftInTasks()).toEqual([]);
});

test("a lease that is lost while the frames are on their way ends the waiting", async () => {
  await using run = await setUp({ deliver: () => new Promise(() => {}) });
  await until(() => run.held.phase === "delivering");
  run.tasks.lose(11, 1, "another runner was quicker");
  await run.tasks.empty();
  expect(run.ends).toEqual([]);
});

test("a stop ends Blender and gives the task back, with the finished frame filed", async () => {
  await using run = await setUp({ render: renderUntilAborted });
  await until(() => run.filed.length === 1);
  run.shutdown.begin();
  await run.tasks.empty();
  expect(run.ends).toEqual([{ attempt: 1, ok: false, givenBack: true, warnings: [] }]);
});

test("a stop waits five seconds for frames on their way, and then gives the task back without them", async () => {
  await using run = await setUp({ deliver: () => new Promise(() => {}) });
  await until(() => run.held.phase === "delivering");
  run.shutdown.begin();
  run.patience.time.advance(4999);
  expect(run.tasks.list()).toHaveLength(1);
  run.patience.time.advance(1);
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ givenBack: true }]);
});

test("a stop that comes when all is rendered still completes the task, if the frames arrive in time", async () => {
  const arrival = Promise.withResolvers<Delivery>();
  await using run = await setUp({ deliver: () => arrival.promise });
  await until(() => run.held.phase === "delivering");
  run.shutdown.begin();
  run.patience.time.advance(2000);
  arrival.resolve({ kind: "filed" });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([{ ok: true }]);
});

test("a manager that is away does not hold up a stop for longer than ten seconds", async () => {
  await using run = await setUp({
    render: renderUntilAborted,
    complete: () => {
      throw new ManagerUnreachable("away");
    },
  });
  await until(() => run.filed.length === 1);
  run.shutdown.begin();
  await until(() => run.ends.length === 1);
  run.patience.time.advance(10_000);
  await run.tasks.empty();
});

test("an end that the manager does not take is the end of it", async () => {
  await using run = await setUp({
    complete: () => {
      throw new ManagerRefusal(409, "lease_lost", "Another runner has it.");
    },
  });
  await run.tasks.empty();
  expect(run.ends).toHaveLength(1);
});

test("when the manager misses a frame that it had acknowledged, the task is failed, so that another try renders it", async () => {
  await using run = await setUp({
    complete: (body) => {
      if (body.ok) throw new ManagerRefusal(422, "frames_missing", "Frame 2 is not filed yet.");
    },
  });
  await run.tasks.empty();
  expect(run.ends).toMatchObject([
    { ok: true },
    { ok: false, reason: "internal", message: "Frame 2 is not filed yet." },
  ]);
});
