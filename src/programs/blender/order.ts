import { join } from "node:path";
import type { Device } from "#domain/job.ts";
import type { BlenderHost } from "./run-script.ts";

/** What the job says otherwise than the scene; null where the scene decides. */
export type RenderOverrides = {
  scene: string | null;
  camera: string | null;
  engine: string | null;
  samples: number | null;
  resolutionPercentage: number | null;
};

/** The frames of one task, and how they are to be rendered. */
export type RenderOrder = BlenderHost & {
  /** The unpacked project; Blender reads nothing else of this machine's files. */
  projectFolder: string;
  /** The main .blend, as a path inside the project. */
  mainFile: string;
  frames: readonly number[];
  /** A folder that exists and is empty. Each frame comes out as `frame_0001.exr`, or as one such file for each view. */
  outputFolder: string;
  overrides: RenderOverrides;
  /** Modules of add-ons that are to be on besides those of the factory settings. */
  addons: readonly string[];
  device: Device;
  /** Keep what is the same from frame to frame in memory: faster, and hungrier. Not worth it for one frame. */
  persistentData: boolean;
  /** Ends a Blender that neither writes nor computes for so long. */
  hangSeconds: number;
  /** The time one frame may take, the loading of the file included for the first; null for no limit. */
  frameTimeLimitSeconds: number | null;
};

/** What `render.py` reads; `workFolder` is the one that Blender can write to. */
export function renderRequest(order: RenderOrder, workFolder: string): Record<string, unknown> {
  return {
    projectFolder: order.projectFolder,
    outputFolder: workFolder,
    extrasFolder: join(workFolder, "file-outputs"),
    overrides: order.overrides,
    addons: order.addons,
    device: order.device,
    persistentData: order.persistentData,
    runs: frameRuns(order.frames),
  };
}

/**
 * Cuts frames into runs of one step, as [first, last, step] in rising order: Blender renders such a run in one go, and evaluates
 * from frame to frame only what moves.
 */
export function frameRuns(frames: readonly number[]): [first: number, last: number, step: number][] {
  const runs: [number, number, number][] = [];
  for (const frame of [...new Set(frames)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    const alone = run !== undefined && run[0] === run[1];
    if (run && (alone || frame - run[1] === run[2])) {
      if (alone) run[2] = frame - run[0];
      run[1] = frame;
    } else {
      runs.push([frame, frame, 1]);
    }
  }
  return runs;
}
