/**
 * Does several things at once. When one fails the others are aborted, and once all have ended its error is thrown. Returns when all are done.
 */
export async function together(
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const errors: unknown[] = [];
  const guarded = works.map((work) =>
    work(either).catch((error: unknown) => {
      errors.push(error);
      stop.abort();
    }),
  );
  await Promise.all(guarded);
  if (errors.length > 0) throw errors[0];
}

/** Does something with each number below `count`, in order, up to `atOnce` at the same time; ends as `together` does. */
export async function forEachOf(
  count: number,
  atOnce: number,
  work: (number: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  const worker = async (either: AbortSignal): Promise<void> => {
    while (next < count) {
      either.throwIfAborted();
      await work(next++, either);
    }
  };
  await together(
    Array.from({ length: Math.min(count, atOnce) }, () => worker),
    signal,
  );
}

/** Lets so many works run at once, and others wait for their turn. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Runs a work when its turn has come. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
