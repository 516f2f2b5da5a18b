import type { Database } from "bun:sqlite";

type Item = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };

/**
 * Commits writes in small groups. A full sync takes milliseconds, so those that arrive while the loop is busy share one;
 * each is answered only after it is safely on disk. One that throws is rolled back alone.
 */
export type GroupCommit = {
  /** Runs `work` (synchronous, all of its SQL) inside the next group's transaction; resolves with its value after the commit. */
  write: <T>(work: () => T) => Promise<T>;
  /** Commits what is waiting. */
  flush: () => void;
};

/** Makes the one writer of a database. */
export function createGroupCommit(db: Database): GroupCommit {
  let waiting: Item[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    if (group.length > 0) commitGroup(db, group);
  };
  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ work, resolve: resolve as (value: never) => void, reject });
      }),
    flush,
  };
}

function commitGroup(db: Database, group: Item[]): void {
  const answers: (() => void)[] = [];
  try {
    const savepoint = db.transaction((item: Item) => item.work());
    const all = db.transaction(() => {
      for (const item of group) answers.push(attempt(item, savepoint));
    });
    all.immediate();
  } catch (error) {
    for (const item of group) item.reject(error);
    return;
  }
  for (const answer of answers) answer();
}

/** Runs one write; returns how to answer it once the whole group is committed. */
function attempt(item: Item, savepoint: (item: Item) => unknown): () => void {
  try {
    const value = savepoint(item);
    return () => item.resolve(value as never);
  } catch (error) {
    return () => item.reject(error);
  }
}
