/**
 * Lets one at a time work on the same key; who comes later takes over: the one before is told to stop, and the next begins when it has.
 */
export type Takeover = {
  run: <T>(key: number, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
};

/** Makes a takeover that nobody is in. */
export function createTakeover(): Takeover {
  const holders = new Map<number, { abort: AbortController; ended: Promise<unknown> }>();
  return {
    run: async (key, work) => {
      const before = holders.get(key);
      const abort = new AbortController();
      const running = (async () => {
        before?.abort.abort();
        await before?.ended;
        return work(abort.signal);
      })();
      const mine = { abort, ended: running.catch(() => {}) };
      holders.set(key, mine);
      try {
        return await running;
      } finally {
        if (holders.get(key) === mine) holders.delete(key);
      }
    },
  };
}
