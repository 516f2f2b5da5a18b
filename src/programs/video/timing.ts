import { frameRate, type FrameRate } from "#formats/frame-rate.ts";
import type { SoundSpan } from "../ffmpeg/mux.ts";

/** How frames become a video that runs as fast as the scene does. */
export type VideoTiming = {
  rate: FrameRate;
  /** The sound that belongs to them; null where they leave out frames so often that nobody could listen to it. */
  sound: {
    /** The frames for which it is to be mixed. */
    firstFrame: number;
    lastFrame: number;
    /** What of it is heard, where frames were left out in the middle; null for all of it. */
    spans: SoundSpan[] | null;
  } | null;
};

const MOST_SPANS = 500;

/**
 * Frames with one step between them are each shown that much longer, so that movement keeps its speed and sound its place. Others follow one
 * behind the other at the scene's own rate, and the sound is cut where the picture is. Throws a RangeError for no frames, or no rate.
 */
export function videoTiming(frames: readonly number[], scene: { fps: number; fpsBase: number }): VideoTiming {
  const [firstFrame, last] = [frames[0], frames.at(-1)];
  if (firstFrame === undefined || last === undefined) throw new RangeError("a video has at least one frame");
  const step = evenStep(frames);
  const rate = frameRate(scene.fps, scene.fpsBase * (step ?? 1));
  if (step !== null) return { rate, sound: { firstFrame, lastFrame: last + step - 1, spans: null } };
  const runs = runsOf(frames);
  if (runs.length > MOST_SPANS) return { rate, sound: null };
  const seconds = (count: number): number => (count * rate.denominator) / rate.numerator;
  const spans = runs.map((run) => ({ startSeconds: seconds(run.start - firstFrame), seconds: seconds(run.count) }));
  return { rate, sound: { firstFrame, lastFrame: last, spans } };
}

/** What lies between each frame and the next, where that is always the same; 1 for a single frame. */
function evenStep(frames: readonly number[]): number | null {
  const step = frames.length > 1 ? frames[1]! - frames[0]! : 1;
  const isEven = frames.every((frame, at) => at === 0 || frame - frames[at - 1]! === step);
  return isEven && step > 0 ? step : null;
}

/** Frames that follow each other without a gap. */
function runsOf(frames: readonly number[]): { start: number; count: number }[] {
  const runs: { start: number; count: number }[] = [];
  for (const frame of frames) {
    const run = runs.at(-1);
    if (run && run.start + run.count === frame) run.count += 1;
    else runs.push({ start: frame, count: 1 });
  }
  return runs;
}
