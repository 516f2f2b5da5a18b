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

/** How fast a job goes. */
export type Pace = {
  /** The mean time of the latest frames. */
  secondsPerFrame: number;
  /** How many runners are at it. */
  runners: number;
  /** How long each frame that is rendered now has taken so far, in seconds. */
  running: readonly number[];
};

/**
 * Estimates the seconds until so many frames are done: their time by the mean of the latest frames, less what has gone into those that
 * run, shared among the runners at work. Null where no frame is left or nobody is at work.
 */
export function etaSeconds(framesLeft: number, { secondsPerFrame, runners, running }: Pace): number | null {
  if (framesLeft <= 0 || runners <= 0) return null;
  const spent = running.reduce((sum, seconds) => sum + Math.min(seconds, secondsPerFrame), 0);
  const atOnce = Math.min(runners, framesLeft);
  return Math.max(0, Math.round((framesLeft * secondsPerFrame - spent) / atOnce));
}
