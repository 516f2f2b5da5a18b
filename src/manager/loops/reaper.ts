import { REAPER_SECONDS } from "#domain/lease.ts";
import type { Farm } from "#manager/services/farm.ts";
import { forgiveStall, reap } from "#manager/services/runners.ts";
import { noteEncoderWaits } from "#manager/services/waiting.ts";
import { createLoop, type Loop } from "#system/periodic.ts";

/** A look that comes later than this was held up by the manager itself (a stall, SIGSTOP), which is no runner's fault. */
const STALL_MS = 2 * REAPER_SECONDS * 1000;

/** Takes back the leases that have run out, every second, and says of jobs that nobody can go on with why. */
export function createReaper(farm: Farm): Loop {
  let lastMs = farm.clock.monotonicMs();
  return createLoop({
    name: "reaper",
    everySeconds: REAPER_SECONDS,
    log: farm.log,
    work: async () => {
      const gapMs = farm.clock.monotonicMs() - lastMs;
      lastMs = farm.clock.monotonicMs();
      if (gapMs > STALL_MS) forgiveStall(farm, gapMs);
      else await reap(farm);
      await noteEncoderWaits(farm);
    },
  });
}
