import type { Farm } from "#manager/services/farm.ts";
import { takeSample } from "#manager/services/stats-history.ts";
import { createLoop, type Loop } from "#system/periodic.ts";

const EVERY_SECONDS = 300;

/** Notes every five minutes how the farm is, for the plots of its past. */
export function createSampler(farm: Farm): Loop {
  return createLoop({ name: "sampler", everySeconds: EVERY_SECONDS, log: farm.log, work: () => takeSample(farm) });
}
