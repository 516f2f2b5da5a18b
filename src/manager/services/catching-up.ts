import { listGoodKeyIds } from "#manager/db/api-keys.ts";
import { dataVersion } from "#manager/db/data-version.ts";
import { listRunners } from "#manager/db/runners.ts";
import { returnLeases } from "./completing.ts";
import type { Farm } from "./farm.ts";
import { rebuildMemory } from "./rebuild.ts";
import { setLiveness } from "./runner-liveness.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Looks whether another process, the command line, has changed the database; returns the work of catching up with it. */
export function createCatchUp(farm: Farm): () => Promise<void> {
  let seen = dataVersion(farm.db);
  return async () => {
    const now = dataVersion(farm.db);
    if (now === seen) return;
    seen = now;
    forgetRemovedRunners(farm);
    rebuildMemory(farm);
    await dismissRunners(farm);
  };
}

/** Takes the runners out of memory that the database does not have any more, with what they held. */
export function forgetRemovedRunners(farm: Farm): void {
  const ids = new Set(listRunners(farm.db).map((runner) => runner.id));
  for (const runner of farm.runners.all()) {
    if (ids.has(runner.id)) continue;
    for (const lease of farm.leases.ofRunner(runner.id)) farm.leases.drop(lease.taskId);
    farm.runners.remove(runner.id);
  }
}

/**
 * Gives back at once what runners hold whose key is not good any more: it was revoked, or its user disabled or removed. They hear of it
 * at their next heartbeat, which is refused, and end.
 */
export async function dismissRunners(farm: Farm): Promise<void> {
  const good = new Set(listGoodKeyIds(farm.db));
  for (const runner of farm.runners.all())
    if (runner.keyId !== null && !good.has(runner.keyId)) await dismiss(farm, runner);
}

/** What is put in its place has no key and no open wait for work: a wait goes on only for the runner that began it. */
async function dismiss(farm: Farm, runner: LiveRunner): Promise<void> {
  const away = farm.runners.put(runner, runner.seenMs);
  farm.log.info("a runner's key is not good any more", { runner: runner.name, id: runner.id });
  await returnLeases(farm, farm.leases.ofRunner(runner.id));
  if (away.status !== "disabled") await setLiveness(farm, away, "offline");
}
