/** What a frame of a job is: filed, being rendered, failed, waiting, or ended without a picture. */
export const FRAME_STATES = ["done", "working", "failed", "waiting", "ended"] as const;
export type FrameState = (typeof FRAME_STATES)[number];

/** The frames of a job in their order, each with what it is. */
export type FrameMap = { frames: readonly number[]; states: readonly FrameState[] };

/** Neighbours in the order of a job's frames that are the same; `first` is the place of the first, counted from 0. */
export type FrameRun = { state: FrameState; first: number; count: number };

/**
 * Puts neighbours that are the same together, in at most `most` runs: where there would be more, each run stands for a stretch of equal
 * length and shows what needs to be seen most: a failure, then work, then what is missing.
 */
export function frameRuns(states: readonly FrameState[], most: number): FrameRun[] {
  const runs = joined(states.map((state, first) => ({ state, first, count: 1 })));
  if (runs.length <= most) return runs;
  const length = Math.ceil(states.length / most);
  const stretches: FrameRun[] = [];
  for (let first = 0; first < states.length; first += length) {
    const part = states.slice(first, first + length);
    stretches.push({ state: telling(part), first, count: part.length });
  }
  return joined(stretches);
}

function joined(runs: readonly FrameRun[]): FrameRun[] {
  const all: FrameRun[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last && last.state === run.state) last.count += run.count;
    else all.push({ ...run });
  }
  return all;
}

function telling(states: readonly FrameState[]): FrameState {
  const order = ["failed", "working", "waiting", "ended"] as const;
  return order.find((state) => states.includes(state)) ?? "done";
}
