/** Time, handed in so that tests can hold it still. `nowMs` is the wall clock; `monotonicMs` never jumps and means nothing by itself. */
export type Clock = { nowMs: () => number; monotonicMs: () => number };

export const systemClock: Clock = { nowMs: Date.now, monotonicMs: () => performance.now() };
