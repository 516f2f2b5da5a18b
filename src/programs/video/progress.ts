import type { Clock } from "#system/clock.ts";

/** What is being done: `color`, `alpha` and `web` are the streams and copies that are encoded, side by side. */
export type VideoStep = "converting" | "color" | "alpha" | "web" | "joining" | "checking";

export type VideoProgress = {
  step: VideoStep;
  /** Of the two that an encoder makes; null for other steps. */
  pass: 1 | 2 | null;
  frame: number;
  frames: number;
  /** Of everything, from 0 to 1. */
  fraction: number;
  /** Null until enough has been seen. */
  secondsLeft: number | null;
};

/** A part of the work, and how long it takes in proportion to others. */
export type Part = { step: VideoStep; pass: 1 | 2 | null; weight: number };

/** Before so much of the whole has been done, its speed says little. */
const TELLING_FRACTION = 0.01;

/** Adds up how far the parts are, and tells it. */
export class ProgressMeter {
  readonly #frames: number;
  readonly #clock: Clock;
  readonly #tell: (progress: VideoProgress) => void;
  readonly #startMs: number;
  #parts: readonly Part[] = [];
  readonly #done = new Map<string, number>();
  /** What was there already when this began, and took no time. */
  #before = 0;

  constructor(options: { frames: number; clock: Clock; tell: (progress: VideoProgress) => void }) {
    this.#frames = options.frames;
    this.#clock = options.clock;
    this.#tell = options.tell;
    this.#startMs = options.clock.monotonicMs();
  }

  /** Says what there is to do, as far as it is known. */
  plan(parts: readonly Part[]): void {
    this.#parts = parts;
  }

  /** Notes that a part is at a frame. */
  at(step: VideoStep, pass: 1 | 2 | null, frame: number): void {
    this.#done.set(keyOf(step, pass), Math.min(1, frame / this.#frames));
    const fraction = this.#fraction();
    const secondsLeft = this.#secondsLeft(fraction);
    this.#tell({ step, pass, frame: Math.min(frame, this.#frames), frames: this.#frames, fraction, secondsLeft });
  }

  /** Notes a part that was finished by an earlier attempt. */
  skip(step: VideoStep, pass: 1 | 2 | null, frame: number): void {
    const was = this.#fraction();
    this.#done.set(keyOf(step, pass), Math.min(1, frame / this.#frames));
    this.#before += this.#fraction() - was;
    this.at(step, pass, frame);
  }

  #secondsLeft(fraction: number): number | null {
    const fresh = fraction - this.#before;
    if (fresh < TELLING_FRACTION) return null;
    const elapsedSeconds = (this.#clock.monotonicMs() - this.#startMs) / 1000;
    return Math.round((elapsedSeconds / fresh) * (1 - fraction));
  }

  #fraction(): number {
    const whole = this.#parts.reduce((sum, { weight }) => sum + weight, 0);
    const done = this.#parts.reduce(
      (sum, { step, pass, weight }) => sum + weight * (this.#done.get(keyOf(step, pass)) ?? 0),
      0,
    );
    return whole === 0 ? 0 : Math.min(1, done / whole);
  }
}

function keyOf(step: VideoStep, pass: 1 | 2 | null): string {
  return `${step} ${pass}`;
}
