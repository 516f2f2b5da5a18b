import { getTotals, HOUR_MS, listHourly, type HourlyFigure } from "#manager/db/figures.ts";
import { deleteSamplesBefore, insertSample, listSamples, type Sample } from "#manager/db/samples.ts";
import { farmFigures } from "./farm-figures.ts";
import type { Farm } from "./farm.ts";
import { bySubject, runnerShares, runnersNow, userShares, type Share } from "./stats.ts";

/** How far back one can look, and the hours that one step of it sums up. */
export const STATS_RANGES = {
  day: { hours: 24, step: 1 },
  week: { hours: 7 * 24, step: 6 },
  month: { hours: 31 * 24, step: 24 },
} as const;
export type StatsRange = keyof typeof STATS_RANGES;

/** Samples that are drawn of a range; more are averaged. */
const DRAWN_SAMPLES = 288;

export type History = {
  stepHours: number;
  /** Frames filed and failures in each step, oldest first; the last one is not over yet. */
  steps: { startMs: number; frames: number; failures: number }[];
  /** The farm at moments of the range, oldest first, the last one now. */
  samples: Sample[];
  failures: { reason: string; count: number }[];
  users: Share[];
  runners: (Share & { busySeconds: number })[];
};

/** How the farm has done over a range; from counters and samples alone. */
export async function farmHistory(farm: Farm, range: StatsRange): Promise<History> {
  const { hours, step } = STATS_RANGES[range];
  const thisStep = Math.floor(farm.clock.nowMs() / HOUR_MS / step);
  const count = hours / step;
  const firstHour = (thisStep - count + 1) * step;
  const figures = listHourly(farm.db, firstHour);
  return {
    stepHours: step,
    steps: Array.from({ length: count }, (_, i) => stepOf(figures, firstHour + i * step, step)),
    samples: thin([...listSamples(farm.db, firstHour * HOUR_MS), await sampleNow(farm)]),
    failures: Object.entries(bySubject(figures, "failures"))
      .map(([reason, times]) => ({ reason, count: times }))
      .sort((a, b) => b.count - a.count),
    users: userShares(farm, figures),
    runners: runnerShares(farm, figures),
  };
}

/** Notes how the farm is now. */
export async function takeSample(farm: Farm): Promise<void> {
  insertSample(farm.db, await sampleNow(farm));
}

/** Forgets the samples that are older than the longest range. */
export function forgetOldSamples(farm: Farm): void {
  deleteSamplesBefore(farm.db, farm.clock.nowMs() - STATS_RANGES.month.hours * HOUR_MS);
}

async function sampleNow(farm: Farm): Promise<Sample> {
  const { queue, freeBytes } = await farmFigures(farm);
  const { uploadBytes, frameBytes, videoBytes } = getTotals(farm.db);
  const { online, busy } = runnersNow(farm);
  return {
    atMs: farm.clock.nowMs(),
    runnersOnline: online,
    runnersBusy: busy,
    tasksQueued: queue.tasksQueued,
    framesLeft: queue.framesLeft,
    storedBytes: uploadBytes + frameBytes + videoBytes,
    freeBytes,
  };
}

function stepOf(figures: readonly HourlyFigure[], hour: number, step: number): History["steps"][number] {
  let frames = 0;
  let failures = 0;
  for (const one of figures) {
    if (one.hour < hour || one.hour >= hour + step) continue;
    if (one.figure === "user_frames") frames += one.value;
    if (one.figure === "failures") failures += one.value;
  }
  return { startMs: hour * HOUR_MS, frames, failures };
}

/** Averages neighbours until there are few enough to draw; the last one, which is now, stays as it is. */
function thin(samples: readonly Sample[]): Sample[] {
  const last = samples.at(-1)!;
  const each = Math.ceil(samples.length / DRAWN_SAMPLES);
  if (each === 1) return [...samples];
  const thinned: Sample[] = [];
  for (let i = 0; i < samples.length - 1; i += each) thinned.push(mean(samples.slice(i, i + each)));
  return [...thinned, last];
}

function mean(samples: readonly Sample[]): Sample {
  const of = (name: keyof Sample): number => samples.reduce((sum, one) => sum + one[name], 0) / samples.length;
  return {
    atMs: Math.round(of("atMs")),
    runnersOnline: of("runnersOnline"),
    runnersBusy: of("runnersBusy"),
    tasksQueued: of("tasksQueued"),
    framesLeft: of("framesLeft"),
    storedBytes: of("storedBytes"),
    freeBytes: of("freeBytes"),
  };
}
