import type { Time } from "#runner/time.ts";

type Timer = { atMs: number; run: () => void };

/** Time that stands still until a test moves it. */
export class FakeTime implements Time {
  #nowMs = 1_000_000;
  #timers = new Set<Timer>();
  #watchers: { ms: number; resolve: () => void }[] = [];

  readonly nowMs = (): number => this.#nowMs;
  readonly monotonicMs = (): number => this.#nowMs;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    for (const watcher of this.#watchers.filter((each) => each.ms === ms)) watcher.resolve();
    return () => this.#timers.delete(timer);
  };

  /** The waits that are under way, in milliseconds from now. */
  get waits(): number[] {
    return [...this.#timers].map(({ atMs }) => atMs - this.#nowMs).sort((a, b) => a - b);
  }

  /** Resolves when somebody waits for just so long. */
  async waitedFor(ms: number): Promise<void> {
    if (this.waits.includes(ms)) return;
    await new Promise<void>((resolve) => this.#watchers.push({ ms, resolve }));
  }

  /** Lets time pass; what is due runs in order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#nowMs = due.atMs;
      due.run();
    }
    this.#nowMs = untilMs;
  }
}

/** Real time, so many times as fast: for tests of the whole, where only the order of things matters. */
export function fastTime(factor: number): Time {
  const startMs = performance.now();
  const nowMs = (): number => 1_000_000 + (performance.now() - startMs) * factor;
  return {
    nowMs,
    monotonicMs: nowMs,
    after: (ms, run) => {
      const timer = setTimeout(run, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}
