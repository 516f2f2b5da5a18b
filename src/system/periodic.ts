import type { Log } from "./log.ts";
import type { Stoppable } from "./stop.ts";

export type Loop = Stoppable & { start: () => void; runOnce: () => Promise<void> };

/**
 * Runs `work` every `everySeconds`, one run after the other, never two at once. An error is logged and the loop goes on.
 * `stop` waits for the run under way.
 */
export function createLoop(options: {
  name: string;
  everySeconds: number;
  log: Log;
  work: () => Promise<void> | void;
}): Loop {
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const runOnce = async (): Promise<void> => {
    try {
      await options.work();
    } catch (error) {
      options.log.error(`${options.name} failed`, {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = runOnce().then(schedule);
    }, options.everySeconds * 1000);
  };
  return {
    start: schedule,
    runOnce,
    stop: async () => {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
