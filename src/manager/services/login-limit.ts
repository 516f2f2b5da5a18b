import { AppError } from "#domain/app-error.ts";
import type { Clock } from "#system/clock.ts";
import { createTally } from "./tally.ts";

const WINDOW_SECONDS = 60;

/** How many failures a minute are allowed under a name. */
export type Allowance = { name: string; max: number };

/** Slows down guessing: after too many failures under a name, the next tries are refused for a while without being looked at. */
export type LoginLimit = { guard: <T>(allowances: readonly Allowance[], attempt: () => Promise<T>) => Promise<T> };

/**
 * Makes a limit; failures are those attempts that throw `wrong_credentials`. Attempts that come all at once wait for each other where
 * they would be too many if all of them failed, so that their number cannot outrun the count.
 */
export function createLoginLimit(clock: Clock): LoginLimit {
  const failures = createTally(clock, WINDOW_SECONDS);
  const underWay = new Map<string, number>();
  let waiting: (() => void)[] = [];

  const begin = ({ name }: Allowance): void => void underWay.set(name, (underWay.get(name) ?? 0) + 1);
  const end = ({ name }: Allowance): void => {
    const left = (underWay.get(name) ?? 1) - 1;
    if (left > 0) underWay.set(name, left);
    else underWay.delete(name);
  };
  const wakeAll = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const admit = async (allowances: readonly Allowance[]): Promise<void> => {
    for (;;) {
      if (allowances.some(({ name, max }) => failures.count(name) >= max))
        throw new AppError("rate_limited", "Too many failed sign-ins; wait a minute and try again.");
      if (allowances.every(({ name, max }) => failures.count(name) + (underWay.get(name) ?? 0) < max)) break;
      await new Promise<void>((wake) => waiting.push(wake));
    }
    allowances.forEach(begin);
  };
  return {
    guard: async (allowances, attempt) => {
      await admit(allowances);
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof AppError && error.code === "wrong_credentials")
          for (const { name } of allowances) failures.add(name);
        throw error;
      } finally {
        allowances.forEach(end);
        wakeAll();
      }
    },
  };
}
