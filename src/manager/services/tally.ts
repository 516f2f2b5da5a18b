import type { Clock } from "#system/clock.ts";

/** Names that are remembered at once; beyond that the oldest are forgotten, so that a flood of names costs no memory. */
const MAX_NAMES = 10_000;

/** Counts what happens under a name, and begins again from nothing when the name's time is over. */
export type Tally = { add: (name: string) => void; count: (name: string) => number };

/** Makes a tally; a name's time begins with the first that is counted under it. */
export function createTally(clock: Clock, seconds: number): Tally {
  const counts = new Map<string, { sinceMs: number; count: number }>();
  const current = (name: string) => {
    const found = counts.get(name);
    return found && clock.monotonicMs() - found.sinceMs < seconds * 1000 ? found : null;
  };
  return {
    add: (name) => {
      const found = current(name);
      if (found) return void (found.count += 1);
      counts.delete(name);
      counts.set(name, { sinceMs: clock.monotonicMs(), count: 1 });
      const oldest = counts.keys().next().value;
      if (counts.size > MAX_NAMES && oldest !== undefined) counts.delete(oldest);
    },
    count: (name) => current(name)?.count ?? 0,
  };
}
