import type { VideoTools } from "../ffmpeg/video-tools.ts";
import type { FfmpegRunner } from "./ffmpeg-runner.ts";
import type { VideoOrder } from "./order.ts";
import type { ProgressMeter } from "./progress.ts";
import type { Workspace } from "./workspace.ts";

/** A video that is being made, and all that is needed for it. */
export type Making = {
  order: VideoOrder;
  tools: VideoTools;
  workspace: Workspace;
  ffmpeg: FfmpegRunner;
  meter: ProgressMeter;
  signal: AbortSignal;
  fetchFrame: (index: number) => Promise<void>;
  /** Lets go of a frame, unless it is one of those that are looked at in the end. */
  releaseFrame: (index: number) => Promise<void>;
};
