const EVERY_MS = 500;

/** How late the manager's own timers are: what a busy loop keeps waiting, everybody waits for. */
export type EventLoopLag = { seconds: () => number; maxSeconds: () => number };

/** Watches the event loop until `stopping`. `maxSeconds` is the most since the start. */
export function watchEventLoop(stopping: AbortSignal): EventLoopLag {
  let last = performance.now();
  let lag = 0;
  let max = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lag = Math.max(0, now - last - EVERY_MS) / 1000;
    max = Math.max(max, lag);
    last = now;
  }, EVERY_MS);
  timer.unref();
  stopping.addEventListener("abort", () => clearInterval(timer));
  return { seconds: () => lag, maxSeconds: () => max };
}
