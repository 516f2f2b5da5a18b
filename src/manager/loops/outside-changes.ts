import { createCatchUp } from "#manager/services/catching-up.ts";
import type { Farm } from "#manager/services/farm.ts";
import { createLoop, type Loop } from "#system/periodic.ts";

const EVERY_SECONDS = 1;

/** Hears of what the command line has changed beside this manager: a key that was revoked, a user who was removed. */
export function createOutsideChanges(farm: Farm): Loop {
  const catchUp = createCatchUp(farm);
  return createLoop({ name: "outside changes", everySeconds: EVERY_SECONDS, log: farm.log, work: catchUp });
}
