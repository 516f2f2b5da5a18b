/** Lets one at a time work on the same key; the others wait in their order. */
export type KeyedLock = { run: <T>(key: number, work: () => Promise<T>) => Promise<T> };

/** Makes a lock that nobody holds. */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<number, Promise<unknown>>();
  return {
    run: async (key, work) => {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      tails.set(key, mine);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === mine) tails.delete(key);
      }
    },
  };
}
