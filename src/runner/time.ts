import { systemClock, type Clock } from "#system/clock.ts";

/**
 * Time as the runner uses it, handed in so that tests need not wait.
 * `after` runs a function once when `ms` have passed; what it returns takes that back.
 */
export type Time = Clock & { after: (ms: number, run: () => void) => () => void };

/** What setTimeout can count to; a longer wait would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemTime: Time = {
  ...systemClock,
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Waits for `ms`; an abort ends the wait early, without an error. */
export function sleep(time: Time, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = time.after(ms, end);
    signal.addEventListener("abort", end);
  });
}

/** Waits for a promise, but no longer than until the signal aborts; returns null then. The promise itself goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(null);
    const end = (): void => resolve(null);
    signal.addEventListener("abort", end);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}
