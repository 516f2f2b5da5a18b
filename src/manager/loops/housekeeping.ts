import type { Farm } from "#manager/services/farm.ts";
import { tidyUp } from "#manager/services/tidying.ts";
import { createLoop, type Loop } from "#system/periodic.ts";

const EVERY_SECONDS = 3600;

/** Removes what nobody needs any more, every hour. */
export function createHousekeeping(farm: Farm): Loop {
  return createLoop({ name: "housekeeping", everySeconds: EVERY_SECONDS, log: farm.log, work: () => tidyUp(farm) });
}
