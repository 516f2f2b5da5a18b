/** Wakes all who wait at once. Who looked before `raise` and waits after it is woken too: nothing is missed in between. */
export type Signal = {
  raise: () => void;
  /** How often it was raised; take it before you look, and hand it to `wait`. */
  count: () => number;
  /** Resolves when it was raised since `count` was `seen`, after `timeoutMs`, or when `abort` fires, whichever is first. */
  wait: (seen: number, timeoutMs: number, abort: AbortSignal) => Promise<void>;
};

/** Makes a signal that nobody waits for yet. */
export function createSignal(): Signal {
  let count = 0;
  let waiting = new Set<() => void>();
  return {
    raise: () => {
      count += 1;
      const woken = waiting;
      waiting = new Set();
      for (const wake of woken) wake();
    },
    count: () => count,
    wait: (seen, timeoutMs, abort) =>
      new Promise((resolve) => {
        if (abort.aborted || count !== seen) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          abort.removeEventListener("abort", wake);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        abort.addEventListener("abort", wake);
        waiting.add(wake);
      }),
  };
}
