import type { RunOptions } from "./command.ts";
import type { HelperProcess } from "./helper-process.ts";

const GRACE_SECONDS = 3;

/** Why a program was ended from outside, recorded once: whatever comes later changes nothing. */
export type Ending = {
  reason: "aborted" | "timeout" | null;
  end: (reason: "aborted" | "timeout") => void;
  /** To be called when the program has ended. */
  stop: () => void;
};

/** Ends a program on abort and at its time limit: asks first, and after the grace has its helper kill all that is left. */
export function watchEnding(helper: HelperProcess, options: RunOptions): Ending {
  const { signal, timeoutSeconds, stopSignal = "SIGTERM", graceSeconds = GRACE_SECONDS } = options;
  const timers: Timer[] = [];
  const after = (seconds: number, work: () => void): void => void timers.push(setTimeout(work, seconds * 1000));
  const ending: Ending = {
    reason: null,
    end: (reason) => {
      if (ending.reason !== null) return;
      ending.reason = reason;
      helper.stop(stopSignal);
      after(graceSeconds, helper.release);
    },
    stop: () => {
      signal?.removeEventListener("abort", abort);
      timers.forEach(clearTimeout);
    },
  };
  const abort = (): void => ending.end("aborted");
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  if (timeoutSeconds !== undefined) after(timeoutSeconds, () => ending.end("timeout"));
  return ending;
}
