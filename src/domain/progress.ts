/** What a runner says of a task it works on; `done` and `total` count the task's frames. */
export type TaskProgress = {
  frame: number | null;
  done: number;
  total: number;
  /** Of the frame being rendered, where Blender tells. */
  sample: number | null;
  samples: number | null;
  memoryBytes: number | null;
  /** Of a video that is being made; `done` then is the share of the whole work, counted in frames. */
  encoding: EncodingProgress | null;
};

export const ENCODING_STEPS = ["fetching", "converting", "color", "alpha", "web", "joining", "checking"] as const;
export type EncodingStep = (typeof ENCODING_STEPS)[number];

/** How far a video is: the step, in which of the two passes of an encoder, and how much of everything is done, from 0 to 1. */
export type EncodingProgress = {
  step: EncodingStep;
  pass: number | null;
  fraction: number;
  /** Null until enough has been seen. */
  secondsLeft: number | null;
};

/**
 * Estimates the seconds until a job is done from what it has done so far: the time per frame since it started, times what is left.
 * Null before the first frame and when nothing is left.
 */
export function etaSeconds(framesDone: number, framesTotal: number, elapsedSeconds: number): number | null {
  if (framesDone === 0 || framesDone >= framesTotal || elapsedSeconds <= 0) return null;
  return Math.round((elapsedSeconds / framesDone) * (framesTotal - framesDone));
}
