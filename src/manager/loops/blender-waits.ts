import { noteBlenderWaits } from "#manager/services/blender-use.ts";
import type { Farm } from "#manager/services/farm.ts";
import { createLoop, type Loop } from "#system/periodic.ts";

const EVERY_SECONDS = 1;

/** Tells of jobs that wait for a Blender that the farm does not have. */
export function createBlenderWaits(farm: Farm): Loop {
  return createLoop({
    name: "blender waits",
    everySeconds: EVERY_SECONDS,
    log: farm.log,
    work: () => noteBlenderWaits(farm),
  });
}
