/** A process whose threads only wait still wakes up now and then; less than this part of one core is no work. */
const WORKING_CPU_SHARE = 0.02;

/** Judges whether a rendering still goes on, from what it writes and the CPU time it uses. All times come from one monotonic clock. */
export class Watchdog {
  readonly #limits: { hangSeconds: number; frameTimeLimitSeconds: number | null };
  #aliveMs: number;
  #frameSinceMs: number;
  #usage: { cpuSeconds: number; atMs: number };

  constructor(limits: { hangSeconds: number; frameTimeLimitSeconds: number | null }, nowMs: number) {
    this.#limits = limits;
    this.#aliveMs = nowMs;
    this.#frameSinceMs = nowMs;
    this.#usage = { cpuSeconds: 0, atMs: nowMs };
  }

  /** Something was written. */
  output(nowMs: number): void {
    this.#aliveMs = nowMs;
  }

  /** A frame is done, and the time of the next one begins. */
  frameSaved(nowMs: number): void {
    this.#frameSinceMs = nowMs;
  }

  /** Takes the CPU time that all processes have used so far; it sinks when one of them ends. */
  usage(cpuSeconds: number, nowMs: number): void {
    const used = Math.abs(cpuSeconds - this.#usage.cpuSeconds);
    const elapsedSeconds = (nowMs - this.#usage.atMs) / 1000;
    this.#usage = { cpuSeconds, atMs: nowMs };
    if (used > elapsedSeconds * WORKING_CPU_SHARE) this.#aliveMs = nowMs;
  }

  /** Says why the rendering is to be ended, or null. */
  verdict(nowMs: number): "hung" | "timeout" | null {
    const { hangSeconds, frameTimeLimitSeconds } = this.#limits;
    if (frameTimeLimitSeconds !== null && nowMs - this.#frameSinceMs > frameTimeLimitSeconds * 1000) return "timeout";
    return nowMs - this.#aliveMs > hangSeconds * 1000 ? "hung" : null;
  }
}
