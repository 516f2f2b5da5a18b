import type { Runner } from "#domain/runner.ts";

/** A runner as the manager sees it now. Its frames are counted in the database alone. */
export type LiveRunner = Omit<Runner, "framesDone"> & {
  /** On the monotonic clock, in milliseconds. */
  seenMs: number;
  /** The runner itself said that it finishes and takes nothing new. */
  leaving: boolean;
  /** Its process has said goodbye; a question of it that is still open speaks for nobody. */
  gone: boolean;
  /** The key of its last call; null when it has not called since the manager started, or its key is not good any more. */
  keyId: number | null;
};

/** The runners by id, in memory; the database holds what must outlive a restart. */
export type RunnerTable = {
  put: (runner: Omit<Runner, "framesDone">, nowMs: number) => LiveRunner;
  get: (id: number) => LiveRunner | null;
  remove: (id: number) => void;
  all: () => LiveRunner[];
};

/** Makes an empty table. */
export function createRunnerTable(): RunnerTable {
  const runners = new Map<number, LiveRunner>();
  return {
    put: (runner, nowMs) => {
      const live = { ...runner, seenMs: nowMs, leaving: false, gone: false, keyId: null };
      runners.set(runner.id, live);
      return live;
    },
    get: (id) => runners.get(id) ?? null,
    remove: (id) => void runners.delete(id),
    all: () => [...runners.values()],
  };
}
