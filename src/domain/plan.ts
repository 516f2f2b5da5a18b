import { formatFrames } from "./frames.ts";

export type PlannedTask = { frames: string; count: number; rank: number };

/** After all that is rendered. */
export const RANK_OF_OTHERS = 1_000_000;

/**
 * Cuts a job's frames into render tasks of `framesPerTask` frames each.
 * The first, the middle and the last task get the lowest ranks, so that whoever watches sees early whether the whole will be right.
 */
export function planRenderTasks(frames: readonly number[], framesPerTask: number): PlannedTask[] {
  const chunks: number[][] = [];
  for (let i = 0; i < frames.length; i += framesPerTask) chunks.push(frames.slice(i, i + framesPerTask));
  const early = [...new Set([0, Math.floor((chunks.length - 1) / 2), chunks.length - 1])];
  return chunks.map((chunk, index) => ({
    frames: formatFrames(chunk),
    count: chunk.length,
    rank: early.includes(index) ? early.indexOf(index) : early.length + index,
  }));
}
