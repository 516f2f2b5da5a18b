import type { Log } from "#system/log.ts";
import { ManagerUnreachable } from "./manager-errors.ts";
import { sleep, type Time } from "./time.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** How often a call that still does not succeed is spoken of in the log. */
const REMINDER_MS = 5 * 60_000;

/** What waiting and trying again needs; handed in so that tests are quick and repeatable. */
export type Patience = { time: Time; random: () => number; log: Log };

/**
 * How long to wait after the n-th failure (from 1) in a row: exponential, with full jitter, so that a hundred runners do not come
 * back to a restarted manager all at once (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
}

/**
 * Makes a call until it succeeds, for as long as the manager only cannot be reached.
 * Throws whatever else the call throws, and the signal's reason once it has aborted.
 */
export async function retrying<T>(
  what: string,
  patience: Patience,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  let saidAtMs = -Infinity;
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ManagerUnreachable)) throw error;
      const nowMs = patience.time.monotonicMs();
      if (nowMs - saidAtMs >= REMINDER_MS) {
        patience.log.warn(`${what}: not yet; trying again`, { error: error.message, failures });
        saidAtMs = nowMs;
      }
      const waitMs = Math.max(backoffMs(failures, patience.random()), error.retryAfterMs);
      await sleep(patience.time, waitMs, signal);
    }
  }
}
