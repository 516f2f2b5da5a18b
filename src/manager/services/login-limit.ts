import { AppError } from "#domain/app-error.ts";
import type { Clock } from "#system/clock.ts";

/** Failures that one address, or one account, may have within the window. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;

/** Names that are remembered at once; beyond that the oldest are forgotten, so that a flood of names costs no memory. */
const MAX_NAMES = 10_000;

/** Slows down guessing: after too many failures for a name, the next tries are refused for a while without being looked at. */
export type LoginLimit = { guard: <T>(names: readonly string[], attempt: () => Promise<T>) => Promise<T> };

/** Makes a limit; failures are those attempts that throw `wrong_credentials`. */
export function createLoginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, number[]>();
  const recent = (name: string): number[] =>
    (failures.get(name) ?? []).filter((atMs) => clock.monotonicMs() - atMs < WINDOW_MS);
  const fail = (name: string): void => {
    failures.delete(name);
    failures.set(name, [...recent(name), clock.monotonicMs()].slice(-MAX_FAILURES));
    const oldest = failures.keys().next().value;
    if (failures.size > MAX_NAMES && oldest !== undefined) failures.delete(oldest);
  };
  return {
    guard: async (names, attempt) => {
      if (names.some((name) => recent(name).length >= MAX_FAILURES))
        throw new AppError("rate_limited", "Too many failed sign-ins; wait a minute and try again.");
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof AppError && error.code === "wrong_credentials") names.forEach(fail);
        throw error;
      }
    },
  };
}
