/** What a runner says of a task it works on; `done` and `total` count the task's frames. */
export type TaskProgress = {
  frame: number | null;
  done: number;
  total: number;
  /** Of the frame being rendered, where Blender tells. */
  sample: number | null;
  samples: number | null;
  memoryBytes: number | null;
};

/**
 * Estimates the seconds until a job is done from what it has done so far: the time per frame since it started, times what is left.
 * Null before the first frame and when nothing is left.
 */
export function etaSeconds(framesDone: number, framesTotal: number, elapsedSeconds: number): number | null {
  if (framesDone === 0 || framesDone >= framesTotal || elapsedSeconds <= 0) return null;
  return Math.round((elapsedSeconds / framesDone) * (framesTotal - framesDone));
}
