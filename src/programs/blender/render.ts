import { mkdir, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, type Clock } from "#system/clock.ts";
import type { RunOptions, RunProgram } from "../command.ts";
import { runProgram } from "../spawn.ts";
import { renderRequest, type RenderOrder } from "./order.ts";
import { judgeRender, type Verdict } from "./outcome.ts";
import type { RenderEvent, SavedFrame } from "./render-event.ts";
import { Rendering } from "./rendering.ts";
import { runScript } from "./run-script.ts";

export type RenderWatch = {
  onEvent?: (event: RenderEvent) => void | Promise<void>;
  /** Each line that Blender prints, for the log of the attempt. */
  onLine?: NonNullable<RunOptions["onLine"]>;
  /** Ends Blender at once; the outcome is then `aborted`. */
  signal?: AbortSignal;
  run?: RunProgram;
  clock?: Clock;
};

/** How a rendering ended. Also when it failed, the `frames` that were saved before are good. */
export type RenderOutcome = Verdict & { frames: SavedFrame[]; peakMemoryBytes: number; durationSeconds: number };

/**
 * Renders the frames of one task with Blender. It is done when Blender ended well and every frame is there; whether each EXR is whole
 * is for the caller to look at. Throws only when the order cannot be tried at all, or a callback throws.
 */
export async function renderFrames(order: RenderOrder, watch: RenderWatch = {}): Promise<RenderOutcome> {
  const { onEvent = () => {}, onLine, signal, run = runProgram, clock = systemClock } = watch;
  if ((await readdir(order.outputFolder)).length > 0) throw new Error(`${order.outputFolder} is not empty`);
  const workFolder = join(order.outputFolder, "work");
  await mkdir(workFolder);
  const rendering = new Rendering(order, { workFolder, onEvent, clock });
  const task = {
    script: "render.py",
    file: join(order.projectFolder, order.mainFile),
    addons: order.addons,
    request: renderRequest(order, workFolder),
    readable: [order.projectFolder],
    writable: [workFolder],
    gpu: true,
    scratchFolder: order.outputFolder,
  } as const;
  const result = await runScript(order, task, run, {
    signal: AbortSignal.any([rendering.signal, ...(signal ? [signal] : [])]),
    onUsage: (usage) => rendering.usage(usage),
    onEvent: (event) => rendering.event(event),
    onLine: async (line, stream) => {
      await onLine?.(line, stream);
      await rendering.line(line);
    },
  });
  await rm(workFolder, { recursive: true, force: true });
  const { bavail, bsize } = await statfs(order.outputFolder);
  const { frames, started, failed, endedFor, frame, missingFrames, lastLines } = rendering;
  const facts = { result, endedFor, started, failed, frame, missingFrames, lastLines, freeBytes: bavail * bsize };
  return {
    ...judgeRender(facts),
    frames,
    peakMemoryBytes: Math.max(result.maxRssBytes, rendering.peakMemoryBytes),
    durationSeconds: result.durationSeconds,
  };
}
