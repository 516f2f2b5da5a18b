import type { Database } from "bun:sqlite";

type Item = {
  work: () => unknown;
  effects: (() => void)[];
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
};

/**
 * Commits writes in small groups. A full sync takes milliseconds, so those that arrive while the loop is busy share one;
 * each is answered only after it is safely on disk. One that throws is rolled back alone.
 */
export type GroupCommit = {
  /** Runs `work` (synchronous, all of its SQL) inside the next group's transaction; resolves with its value after the commit. */
  write: <T>(work: () => T) => Promise<T>;
  /**
   * Runs `effect` once what is being written is safely on disk, and never if it is rolled back; at once where nothing is being written.
   * For telling others of a change.
   */
  afterCommit: (effect: () => void) => void;
  /** Commits what is waiting. */
  flush: () => void;
};

/** Makes the one writer of a database. */
export function createGroupCommit(db: Database): GroupCommit {
  let waiting: Item[] = [];
  let underWay: Item | null = null;
  const run = (item: Item): unknown => {
    underWay = item;
    try {
      return item.work();
    } finally {
      underWay = null;
    }
  };
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    if (group.length > 0) commitGroup(db, group, run);
  };
  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ work, effects: [], resolve: resolve as (value: never) => void, reject });
      }),
    afterCommit: (effect) => {
      if (underWay) underWay.effects.push(effect);
      else effect();
    },
    flush,
  };
}

function commitGroup(db: Database, group: Item[], run: (item: Item) => unknown): void {
  const answers: (() => void)[] = [];
  try {
    const savepoint = db.transaction(run);
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
    return () => {
      for (const effect of item.effects) effect();
      item.resolve(value as never);
    };
  } catch (error) {
    return () => item.reject(error);
  }
}
