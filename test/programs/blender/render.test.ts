import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RenderOrder } from "#programs/blender/order.ts";
import { renderFrames, type RenderOutcome, type RenderWatch } from "#programs/blender/render.ts";
import type { RenderEvent } from "#programs/blender/render-event.ts";
import type { ProgramResult, RunOptions, RunProgram } from "#programs/command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "render-"));
  for (const name of ["out", "project", "blender"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "blender/blender"), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a Blender that is only played can do. */
type Stage = {
  print: (line: string) => Promise<void>;
  tell: (event: Record<string, unknown>) => Promise<void>;
  /** The file is open, and the script begins. */
  load: () => Promise<void>;
  /** Saves a frame and tells of it. */
  save: (frame: number) => Promise<void>;
  /** Uses no CPU time until so many seconds after the start. */
  idleUntil: (seconds: number) => void;
  aborted: () => boolean;
};

const ended: ProgramResult = {
  reason: "exited",
  exitCode: 0,
  signal: null,
  message: null,
  durationSeconds: 1,
  maxRssBytes: 7,
};

/** Plays a Blender, and returns how the rendering went and what was told of it. */
async function render(
  play: (stage: Stage) => Promise<Partial<ProgramResult> | void>,
  wish: Partial<RenderOrder> = {},
  watch: RenderWatch = {},
): Promise<RenderOutcome & { events: RenderEvent[]; lines: string[] }> {
  const order: RenderOrder = {
    blender: join(folder, "blender/blender"),
    sandbox: { kind: "none", detail: "" },
    homeFolder: join(folder, "home"),
    projectFolder: join(folder, "project"),
    mainFile: "a.blend",
    frames: [1, 2],
    outputFolder: join(folder, "out"),
    overrides: { scene: null, camera: null, engine: null, samples: null, resolutionPercentage: null },
    addons: [],
    device: "auto",
    persistentData: false,
    hangSeconds: 60,
    frameTimeLimitSeconds: null,
    ...wish,
  };
  let nowMs = 0;
  const run: RunProgram = async (command, options) => {
    const request = JSON.parse(readFileSync(command.argv.at(-1)!, "utf8")) as { marker: string; outputFolder: string };
    const reason = await play(setStage(options!, request, (ms) => (nowMs = ms)));
    return { ...ended, ...reason };
  };
  const events: RenderEvent[] = [];
  const lines: string[] = [];
  const outcome = await renderFrames(order, {
    run,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    onEvent: (event) => void events.push(event),
    onLine: (line) => void lines.push(line),
    ...watch,
  });
  return { ...outcome, events, lines };
}

function setStage(
  options: RunOptions,
  request: { marker: string; outputFolder: string },
  setTime: (ms: number) => void,
): Stage {
  const print: Stage["print"] = async (line) => options.onLine?.(line, "stdout");
  const tell: Stage["tell"] = async (event) => options.onEvent?.(event);
  return {
    print,
    tell,
    load: async () => {
      await print(request.marker);
      await print(request.marker);
      await tell({ type: "started", blenderVersion: "3.4.1", scene: "Scene", engine: "CYCLES", device: "CPU" });
    },
    save: async (frame) => {
      const name = `frame_000${frame}.exr`;
      writeFileSync(join(request.outputFolder, name), "exr");
      await tell({ type: "frame_saved", frame, files: [{ name, main: true }] });
    },
    idleUntil: (seconds) => {
      setTime(seconds * 1000);
      options.onUsage?.({ rssBytes: 1, cpuSeconds: 0 });
    },
    aborted: () => options.signal?.aborted ?? false,
  };
}

test("frames, progress and warnings are told in order, and the frames lie in the output folder", async () => {
  const played = await render(async ({ load, print, tell, save }) => {
    await load();
    await tell({ type: "warning", code: "no_denoiser", message: "noisy" });
    for (const frame of [1, 2]) {
      await tell({ type: "frame_started", frame });
      await print(`Fra:${frame} Mem:9M | Scene, ViewLayer | Sample 1/4`);
      await save(frame);
    }
    await tell({ type: "finished", peakMemoryBytes: 12345 });
  });
  expect(played).toMatchObject({ kind: "done", peakMemoryBytes: 12345, durationSeconds: 1 });
  const kinds = [
    "started",
    "warning",
    "frame_started",
    "progress",
    "frame_saved",
    "frame_started",
    "progress",
    "frame_saved",
    "finished",
  ];
  expect(played.events.map((event) => event.type as string)).toEqual(kinds);
  expect(played.events[6]).toEqual({ type: "progress", frame: 2, done: 1, total: 4, remainingSeconds: null });
  // Neither scripts nor Blender's own folder are left.
  expect(readdirSync(join(folder, "out")).sort()).toEqual(["frame_0001.exr", "frame_0002.exr"]);
  expect(played.lines).toHaveLength(2);
});

test("a frame that is only said to be saved is missing", async () => {
  const played = await render(async ({ load, tell, save }) => {
    await load();
    await save(1);
    await tell({ type: "frame_saved", frame: 2, files: [{ name: "frame_0002.exr", main: true }] });
  });
  expect(played).toMatchObject({ kind: "failed", reason: "bad_output", frames: [{ frame: 1 }] });
});

test("frames that nobody asked for, and the same one again, are not taken", async () => {
  const played = await render(async ({ load, save }) => {
    await load();
    for (const frame of [1, 3, 1, 2]) await save(frame);
  });
  expect(played.frames.map(({ frame }) => frame)).toEqual([1, 2]);
});

test("a scene whose engine Blender complained of while it loaded is ended before a frame counts", async () => {
  const play = async ({ print, load, save, aborted }: Stage): Promise<void> => {
    await print(
      "Error: Engine 'LUXCORE' not available for scene 'Scene' (an add-on may need to be installed or enabled)",
    );
    await load();
    expect(aborted()).toBe(true);
    await save(1);
  };
  expect(await render(play)).toMatchObject({ kind: "failed", reason: "blender_unavailable", frames: [] });
});

test("an engine that another scene lacks, or that the job replaces, does not matter", async () => {
  const missing = (scene: string) =>
    `Error: Engine 'LUXCORE' not available for scene '${scene}' (an add-on may be needed)`;
  const play = (scene: string) => async (stage: Stage) => {
    await stage.print(missing(scene));
    await stage.load();
    for (const frame of [1, 2]) await stage.save(frame);
  };
  expect((await render(play("Other"))).kind).toBe("done");
  rmSync(join(folder, "out"), { recursive: true });
  mkdirSync(join(folder, "out"));
  const overrides = { scene: null, camera: null, engine: "CYCLES", samples: null, resolutionPercentage: null };
  expect((await render(play("Scene"), { overrides })).kind).toBe("done");
});

test("a Blender that does nothing any more is ended as hung, and keeps its frames", async () => {
  const played = await render(async ({ load, save, tell, idleUntil, aborted }) => {
    await load();
    await save(1);
    await tell({ type: "frame_started", frame: 2 });
    idleUntil(60);
    expect(aborted()).toBe(false);
    idleUntil(61);
    expect(aborted()).toBe(true);
    return { reason: "aborted", exitCode: null, signal: "SIGTERM" };
  });
  expect(played).toMatchObject({ kind: "failed", reason: "hung", frames: [{ frame: 1 }] });
});

test("a frame over its time limit is ended, however busy Blender is", async () => {
  const play = async ({ load, print, idleUntil }: Stage): Promise<Partial<ProgramResult>> => {
    await load();
    for (let second = 0; second <= 31; second += 1) {
      await print("Fra:1 Mem:9M | Sample 1/4");
      idleUntil(second);
    }
    return { reason: "aborted" };
  };
  expect(await render(play, { frameTimeLimitSeconds: 30 })).toMatchObject({ kind: "failed", reason: "timeout" });
});

test("a rendering that the caller ends is aborted", async () => {
  const abort = new AbortController();
  const play = async ({ load, aborted }: Stage): Promise<Partial<ProgramResult>> => {
    await load();
    abort.abort();
    expect(aborted()).toBe(true);
    return { reason: "aborted" };
  };
  expect(await render(play, {}, { signal: abort.signal })).toMatchObject({ kind: "aborted", frames: [] });
});

test("old files in the output folder are no output", async () => {
  writeFileSync(join(folder, "out/frame_0001.exr"), "old");
  expect(render(async () => {})).rejects.toThrow("not empty");
});
