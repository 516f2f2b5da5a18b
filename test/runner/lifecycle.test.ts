import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import { runRunner, type RunnerSettings } from "#runner/lifecycle.ts";
import type { Machine } from "#runner/machine.ts";
import type { Renderer } from "#runner/render-lease.ts";
import { openWorkspace } from "#runner/workspace.ts";
import { silentLog } from "#system/log.ts";
import { FakeManager, refusal, TEST_KEY, type Route } from "./support/fake-manager.ts";
import { fastTime } from "./support/fake-time.ts";
import { aTask, sha256Of, tarOf, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** So that a heartbeat comes every 50 ms. */
const TIMES_AS_FAST = 100;

/** Where a grace of seconds must suffice for a real call. */
const LESS_FAST = 20;

const MACHINE: Machine = {
  capabilities: {
    ...{
      hostname: "box.example.org",
      cores: 4,
      memoryBytes: 8e9,
      gpus: [],
      encoders: [],
      videoFormats: [],
      sandbox: "none",
      version: "test",
    },
    blenders: [{ version: "4.3.2", denoiser: true, gpus: [] }],
  },
  blenders: [{ version: "4.3.2", path: "/opt/blender/blender" }],
  videoTools: null,
  sandbox: { kind: "none", detail: "a test" },
};

const renderAll: Renderer = async (order, watch) => {
  for (const frame of order.frames) {
    const name = `frame_000${frame}.exr`;
    const path = join(order.outputFolder, name);
    await Bun.write(path, `pixels of ${frame}`);
    watch.onLine(`Saved: '${path}'`);
    await watch.onEvent({ type: "frame_saved", frame, files: [{ name, path, main: true }] });
  }
  return { kind: "done" };
};

const noVideo = () => Promise.reject(new Error("this test makes no videos"));

/** A Blender that renders nothing until it is ended. */
const renderForEver: Renderer = async (_, watch) => {
  await until(() => watch.signal.aborted);
  return { kind: "aborted" };
};

type Options = { render?: Renderer; examine?: () => Promise<Machine>; settings?: Partial<RunnerSettings> };

/** A farm of one manager, on which runners can be started in a workspace. */
async function setUp(timesAsFast = TIMES_AS_FAST) {
  const folder = await tempFolder();
  const manager = new FakeManager();
  const tar = await tarOf({ name: "dragon.blend", content: "BLENDER" });
  manager.contexts.set(7, tar);
  const task = (changes: Partial<LeasedRender> = {}) =>
    aTask({ context: { version: 1, size: tar.length, sha256: sha256Of(tar) }, ...changes });
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const log = { ...silentLog(), info: say, warn: say, error: say };
  log.with = () => log;
  const start = async ({ render = renderAll, examine = async () => MACHINE, settings = {} }: Options = {}) => {
    const workspace = await openWorkspace(folder.path);
    const all = {
      ...{
        managerUrl: manager.url,
        apiKey: TEST_KEY,
        name: "box",
        slots: 1,
        cacheSizeBytes: 1e9,
        blenderCacheBytes: 0,
        hangSeconds: 900,
      },
      ...{ drainTimeoutSeconds: null, frameTimeLimitSeconds: null, ...settings },
    };
    const time = fastTime(timesAsFast);
    return runRunner(workspace, all, {
      time,
      random: () => 0.1,
      log,
      render,
      examine,
      checkFrame: async () => null,
      mix: noVideo,
      encode: noVideo,
    });
  };
  const inOutbox = async () => (await readdir(join(folder.path, "outbox"))).filter((name) => name.endsWith(".data"));
  const close = async () => {
    await manager.stop();
    await folder[Symbol.asyncDispose]();
  };
  return { manager, task, start, said, inOutbox, [Symbol.asyncDispose]: close };
}

test("a runner takes tasks one after the other, files their frames and logs, and ends well when it is drained", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ id: 11, frames: "1-2" }));
  manager.add(farm.task({ id: 12, frames: "3" }));
  const runner = await farm.start();
  await manager.until(() => manager.ends.length === 2);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
  expect(manager.registrations).toMatchObject([{ name: "box", hostname: "box.example.org", protocol: 1 }]);
  expect([...manager.filed.keys()]).toEqual(["frame_0001.exr", "frame_0002.exr", "frame_0003.exr"]);
  expect(manager.ends).toMatchObject([
    { id: 11, ok: true },
    { id: 12, ok: true },
  ]);
  expect(manager.logs.get("11.1")).toContain("frame_0002.exr'\n");
});

test("a runner waits for a manager that is not up yet", async () => {
  await using farm = await setUp();
  await farm.manager.stop();
  const runner = await farm.start();
  await until(() => farm.said.some((line) => line.startsWith("registering with the manager: not yet")));
  farm.manager.start();
  await farm.manager.until(() => farm.manager.polls.length === 1);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("a wrong key ends the runner with one clear line, and its workspace is free again", async () => {
  await using farm = await setUp();
  const runner = await farm.start({ settings: { apiKey: "jk_wrong" } });
  expect(await runner.done).toBe(1);
  expect(farm.said[0]).toStartWith("The manager does not accept the API key");
  expect(farm.said.join()).not.toContain("jk_wrong");
  const again = await farm.start();
  again.stop("now");
  expect(await again.done).toBe(0);
});

test("a sandbox that is demanded and does not work ends the runner with the reason", async () => {
  await using farm = await setUp();
  const examine = () =>
    Promise.reject(new AppError("unavailable", "There is no sandbox: bubblewrap is not installed."));
  const runner = await farm.start({ examine });
  expect(await runner.done).toBe(1);
  expect(farm.said).toEqual(["the runner cannot go on: There is no sandbox: bubblewrap is not installed."]);
});

test("frames reach a manager that is killed while they are uploaded, once it is back", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ frames: "1-3" }));
  let restarted = false;
  manager.instead = (route) => {
    if (route !== "upload" || restarted) return null;
    restarted = true;
    void manager.stop().then(() => manager.start());
    return new Promise<Response>(() => {});
  };
  const runner = await farm.start();
  await manager.until(() => manager.ends.length === 1);
  expect(manager.ends).toMatchObject([{ ok: true }]);
  expect(manager.filed.size).toBe(3);
  runner.stop("now");
  expect(await runner.done).toBe(0);
});

test("answers that are lost cost nothing: every call is repeated, and nothing counts twice", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ frames: "1-2" }));
  const lost = new Set<Route>(["tasks", "upload", "complete", "log"]);
  manager.after = (route, answer) => (lost.delete(route) ? new Response("cut by a proxy", { status: 502 }) : answer);
  const runner = await farm.start();
  await manager.until(() => manager.ends.length === 2);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
  expect(manager.filed.size).toBe(2);
  expect(manager.copies).toBe(1);
  expect(manager.ends.map(({ ok, attempt }) => `${ok} ${attempt}`)).toEqual(["true 1", "true 1"]);
  expect(manager.logs.get("11.1")?.match(/frame 1 saved/g)).toHaveLength(1);
});

test("a storm of 5xx on every route is outlived", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ frames: "1-3" }));
  let calls = 0;
  manager.instead = () => (++calls % 3 === 0 ? null : refusal(calls % 2 ? 500 : 507, "internal"));
  const runner = await farm.start();
  await manager.until(() => manager.ends.length === 1);
  manager.instead = () => null;
  expect(manager.ends).toMatchObject([{ ok: true }]);
  expect(manager.filed.size).toBe(3);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("a canceled task ends its Blender at the next heartbeat, and the next task comes", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ id: 11 }));
  const ended: string[] = [];
  const render: Renderer = async (order, watch) => {
    if (ended.length > 0) return renderAll(order, watch);
    manager.abandoned.add("11.1");
    manager.leased.delete("11.1");
    const verdict = await renderForEver(order, watch);
    ended.push("task 11");
    return verdict;
  };
  const runner = await farm.start({ render });
  await until(() => ended.length === 1);
  manager.add(farm.task({ id: 12, frames: "5" }));
  await manager.until(() => manager.ends.length === 1);
  expect(manager.ends).toMatchObject([{ id: 12, ok: true }]);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("a runner that is superseded ends all work at once, says why, and reports nothing", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task());
  const render: Renderer = (order, watch) => (manager.supersede(), renderForEver(order, watch));
  const runner = await farm.start({ render });
  expect(await runner.done).toBe(1);
  expect(farm.said.join()).toContain("Another process has registered under this runner's name");
  expect(manager.ends).toEqual([]);
});

test("a runner whose key is revoked gives up its tasks and ends", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task());
  const render: Renderer = (order, watch) => {
    manager.instead = () => refusal(401, "unauthorized", "Unknown key.");
    return renderForEver(order, watch);
  };
  const runner = await farm.start({ render });
  expect(await runner.done).toBe(1);
  expect(farm.said.join()).toContain("The manager does not accept the API key (any more): Unknown key.");
});

test("a manager that has lost its database gets a new registration, and the runner works on", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  const runner = await farm.start();
  await manager.until(() => manager.polls.length === 1);
  manager.runnerId = 2;
  await manager.until(() => manager.registrations.length >= 2);
  manager.add(farm.task({ frames: "1" }));
  await manager.until(() => manager.ends.length === 1);
  const [first, second] = manager.registrations;
  expect(second).toEqual(first!);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("draining finishes the task at hand, uploads its frames, and takes nothing more", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ id: 11 }));
  const finish = Promise.withResolvers<void>();
  const render: Renderer = async (order, watch) => {
    await finish.promise;
    return renderAll(order, watch);
  };
  const runner = await farm.start({ render });
  await until(() => farm.said.includes("task started"));
  manager.add(farm.task({ id: 12 }));
  runner.stop("drain");
  await manager.until(() => manager.beats.at(-1)?.draining === true);
  finish.resolve();
  expect(await runner.done).toBe(0);
  expect(manager.ends).toMatchObject([{ id: 11, ok: true }]);
  expect(manager.filed.size).toBe(3);
  expect(manager.queue.map(({ id }) => id)).toEqual([12]);
});

test("draining waits for frames of before that are still on their way", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ frames: "1" }));
  manager.instead = (route) => (route === "upload" ? refusal(503, "unavailable") : null);
  const first = await farm.start();
  await until(() => farm.said.includes("frame saved"));
  first.stop("now");
  await first.done;
  const second = await farm.start();
  await until(() => farm.said.includes("uploading files that were finished before"));
  second.stop("drain");
  manager.instead = () => null;
  expect(await second.done).toBe(0);
  expect([...manager.filed.keys()]).toEqual(["frame_0001.exr"]);
  expect(await farm.inOutbox()).toEqual([]);
});

test("stopping now ends Blender, gives the task back, and keeps what could not be uploaded for the next start", async () => {
  await using farm = await setUp(LESS_FAST);
  const { manager } = farm;
  manager.add(farm.task({ frames: "1-2" }));
  manager.instead = (route) => (route === "upload" ? refusal(503, "unavailable") : null);
  const render: Renderer = async (order, watch) => {
    await renderAll({ ...order, frames: [1] }, watch);
    return renderForEver(order, watch);
  };
  const runner = await farm.start({ render });
  await until(() => farm.said.includes("frame saved"));
  runner.stop("now");
  expect(await runner.done).toBe(0);
  expect(manager.ends).toMatchObject([{ id: 11, ok: false, givenBack: true }]);
  expect(await farm.inOutbox()).toHaveLength(1);
});

test("a drain that takes too long for whoever asked becomes a stop", async () => {
  await using farm = await setUp(LESS_FAST);
  const { manager } = farm;
  manager.add(farm.task());
  const runner = await farm.start({ render: renderForEver });
  await until(() => farm.said.includes("task started"));
  runner.stop("drain");
  runner.stop("drain");
  runner.stop("now");
  runner.stop("now");
  expect(await runner.done).toBe(0);
  expect(manager.ends).toMatchObject([{ givenBack: true }]);
});

test("a drain becomes a stop after its time limit", async () => {
  await using farm = await setUp(LESS_FAST);
  const { manager } = farm;
  manager.add(farm.task());
  const runner = await farm.start({ render: renderForEver, settings: { drainTimeoutSeconds: 2 } });
  await until(() => farm.said.includes("task started"));
  runner.stop("drain");
  expect(await runner.done).toBe(0);
  expect(manager.ends).toMatchObject([{ givenBack: true }]);
});

test("a task that was granted in an answer that a stop has cut is given back", async () => {
  await using farm = await setUp(LESS_FAST);
  const { manager } = farm;
  const held = Promise.withResolvers<Response>();
  manager.after = (route, answer) => {
    if (route !== "tasks" || answer.status !== 200 || manager.polls.length > 1) return answer;
    // The lease is in the books, and its answer never leaves.
    return new Response(new ReadableStream({ start: () => held.promise.then(() => {}) }));
  };
  manager.add(farm.task({ id: 13 }));
  const runner = await farm.start();
  await manager.until(() => manager.leased.size === 1);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
  expect(manager.ends).toMatchObject([{ id: 13, ok: false, givenBack: true }]);
});

const EARLY: [string, (farm: Awaited<ReturnType<typeof setUp>>) => Promise<Options>][] = [
  ["while the machine is examined", async () => ({ examine: () => new Promise(() => {}) })],
  ["while the manager is not there", async (farm) => (await farm.manager.stop(), {})],
];
test.each(EARLY)("a stop %s is heard at once", async (_, prepare) => {
  await using farm = await setUp();
  const runner = await farm.start(await prepare(farm));
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("an admin's drain lets no new task in, and its end lets the runner work again", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  const runner = await farm.start();
  await manager.until(() => manager.beats.length > 0);
  manager.drain = true;
  await until(() => farm.said.includes("the manager asks to take no new tasks"));
  manager.drain = false;
  await until(() => farm.said.includes("the manager asks to take tasks again"));
  manager.add(farm.task({ frames: "1" }));
  await manager.until(() => manager.ends.length === 1);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});

test("two slots render two tasks at once", async () => {
  await using farm = await setUp();
  const { manager } = farm;
  manager.add(farm.task({ id: 11, frames: "1" }));
  manager.add(farm.task({ id: 12, frames: "2" }));
  let rendering = 0;
  const both = Promise.withResolvers<void>();
  const render: Renderer = async (order, watch) => {
    rendering += 1;
    if (rendering === 2) both.resolve();
    await both.promise;
    return renderAll(order, watch);
  };
  const runner = await farm.start({ render, settings: { slots: 2 } });
  await manager.until(() => manager.ends.length === 2);
  runner.stop("drain");
  expect(await runner.done).toBe(0);
});
