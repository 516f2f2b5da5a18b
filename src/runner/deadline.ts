import type { Time } from "./time.ts";

export type Deadline = {
  /** Aborts when the time is over, with the error that was given; or when the outer signal does, with its reason. */
  signal: AbortSignal;
  /** Starts the wait anew, because something was heard. */
  touch: () => void;
  /** Must be called at the end. */
  clear: () => void;
};

/** Bounds a call that has no limit of its own: it ends when nothing was heard for `ms`, or when the outer signal aborts. */
export function startDeadline(time: Time, ms: number, outer: AbortSignal, overdue: () => Error): Deadline {
  const own = new AbortController();
  const give = (): void => own.abort(outer.reason);
  if (outer.aborted) give();
  outer.addEventListener("abort", give);
  let cancel = time.after(ms, () => own.abort(overdue()));
  return {
    signal: own.signal,
    touch: () => {
      cancel();
      cancel = time.after(ms, () => own.abort(overdue()));
    },
    clear: () => {
      cancel();
      outer.removeEventListener("abort", give);
    },
  };
}
