/** Lets so many at once do something; the others wait in their order. */
export type Turns = { take: () => Promise<void>; pass: () => void };

/** Makes `most` turns, all of them free. Each `take` needs a `pass` when its work is over. */
export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let free = most;
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    pass: () => {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}
