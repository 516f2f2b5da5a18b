import type { Log } from "#system/log.ts";

/** Work that goes on after its request was answered; a stop of the manager waits for it. */
export type BackgroundWork = { add: (work: Promise<unknown>) => void; settled: () => Promise<void> };

/** Makes a keeper of work; what fails is logged, for nobody else is there to hear of it. */
export function createBackgroundWork(log: Log): BackgroundWork {
  const running = new Set<Promise<unknown>>();
  return {
    add: (work) => {
      const watched = work
        .catch((error: unknown) =>
          log.error("background work failed", {
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          }),
        )
        .finally(() => running.delete(watched));
      running.add(watched);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
