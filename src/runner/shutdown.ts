import type { Time } from "./time.ts";

/** After a stop, how long finished frames may still be on their way before their task is given back without them. */
const DELIVERY_GRACE_MS = 5000;

/** After a stop, how long the manager may take to hear of the tasks that are given back. */
const REPORT_GRACE_MS = 10_000;

/** The three steps in which a runner stops at once. Each signal aborts after the one before it. */
export type Shutdown = {
  /** Every Blender ends. */
  stopping: AbortSignal;
  /** No more waiting for uploads; what is not acknowledged stays in the outbox. */
  deliveriesOver: AbortSignal;
  /** No more calls. */
  over: AbortSignal;
  /** Begins to stop: takes ten seconds at most. */
  begin: () => void;
  /** Takes all steps at once, because nobody listens any more. */
  cut: () => void;
};

export function createShutdown(time: Time): Shutdown {
  const stopping = new AbortController();
  const deliveriesOver = new AbortController();
  const over = new AbortController();
  const cancels: (() => void)[] = [];
  const end = (step: AbortController): void => step.abort(new Error("the runner stops"));
  return {
    stopping: stopping.signal,
    deliveriesOver: deliveriesOver.signal,
    over: over.signal,
    begin: () => {
      if (stopping.signal.aborted) return;
      end(stopping);
      cancels.push(time.after(DELIVERY_GRACE_MS, () => end(deliveriesOver)));
      cancels.push(time.after(REPORT_GRACE_MS, () => end(over)));
    },
    cut: () => {
      cancels.forEach((cancel) => cancel());
      [stopping, deliveriesOver, over].forEach(end);
    },
  };
}
