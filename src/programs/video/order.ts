import type { FailureReason } from "#domain/failure.ts";
import type { FrameRate } from "#formats/frame-rate.ts";
import type { Clock } from "#system/clock.ts";
import type { RunProgram } from "../command.ts";
import type { PictureSize } from "../ffmpeg/encoding.ts";
import type { SoundTrack } from "../ffmpeg/mux.ts";
import type { VideoFormat, VideoTools } from "../ffmpeg/video-tools.ts";
import type { Sandbox } from "../sandbox.ts";
import type { VideoProgress } from "./progress.ts";

/** A video, and what it is made of. */
export type VideoOrder = {
  /** The EXRs, as absolute paths, in the order in which they are shown, one behind the other whatever their numbers. */
  frames: readonly string[];
  rate: FrameRate;
  format: VideoFormat;
  /** The exposure of the scene's view, in stops: light is multiplied by two to the power of it. */
  exposure: number;
  sound: SoundTrack | null;
  /**
   * A folder of this order alone. What was finished in it is not done again, when the order is given a second time after a restart; an
   * order that differs begins anew. It is the caller's to remove.
   */
  workFolder: string;
  /** Where the files go once they have passed the check. */
  outputFolder: string;
  /** `video` becomes `video.mp4`, `video.avif`, `video.webm`, `video.web.webm`. */
  baseName: string;
};

/** The machine that makes it. */
export type VideoHost = { tools: VideoTools | null; sandbox: Sandbox };

export type VideoWatch = {
  onProgress?: (progress: VideoProgress) => void;
  /** Each command, and each line that FFmpeg complains with, for the log of the attempt. */
  onLine?: (line: string) => void | Promise<void>;
  /** Ends all programs at once; the outcome is then `aborted`. */
  signal?: AbortSignal;
  /** Called for each frame, in order, before it is read: resolves when its file is there. Frames that are not needed are not asked for. */
  fetchFrame?: (index: number) => Promise<void>;
  /** Called when a frame will not be read again by this order, whose file may then go. */
  releaseFrame?: (index: number) => void | Promise<void>;
  run?: RunProgram;
  clock?: Clock;
};

export type VideoFile = { name: string; path: string };

/** How it ended. What is `done` has passed the check; `bad_output` says what was wrong with the frames, or with what came out. */
export type VideoOutcome =
  | {
      kind: "done";
      /** The video first, then copies of it. */
      files: VideoFile[];
      size: PictureSize;
      /** Whether the frames had an odd width or height, of which a column or line was cut off. */
      isCropped: boolean;
      hasAlpha: boolean;
      durationSeconds: number;
    }
  | { kind: "aborted" }
  | { kind: "failed"; reason: FailureReason; message: string };
