import { RUNNER_STATUSES, type RunnerStatus } from "#domain/runner.ts";
import { getQueue, getTotals, type Queue, type Totals } from "#manager/db/figures.ts";
import type { Farm } from "./farm.ts";
import { storageSpace } from "./stats.ts";

/** What of the farm can be measured at any moment. */
export type FarmFigures = {
  queue: Queue;
  totals: Totals;
  leases: number;
  runners: Record<RunnerStatus, number>;
  freeBytes: number;
  totalBytes: number;
};

/** Reads the farm's figures, at a cost that does not grow with what the farm has done. */
export async function farmFigures(farm: Farm): Promise<FarmFigures> {
  const all = farm.runners.all();
  const runners = Object.fromEntries(
    RUNNER_STATUSES.map((status) => [status, all.filter((one) => one.status === status).length]),
  ) as Record<RunnerStatus, number>;
  const space = await storageSpace(farm);
  return { queue: getQueue(farm.db), totals: getTotals(farm.db), leases: farm.leases.size(), runners, ...space };
}
