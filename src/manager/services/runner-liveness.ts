import { AppError } from "#domain/app-error.ts";
import { setRunnerSeen, setRunnerStatus } from "#manager/db/runners.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Notes that a runner is there; one that was offline is online again. */
export async function hearFrom(farm: Farm, runner: LiveRunner): Promise<void> {
  runner.seenMs = farm.clock.monotonicMs();
  if (runner.status === "offline") await setLiveness(farm, runner, "online");
}

/**
 * For a call that has waited: throws `superseded` when a newer process has the runner's name by now, and `unauthorized` when its key has
 * been revoked meanwhile.
 */
export function mustStillBeGood(farm: Farm, runner: LiveRunner): void {
  const now = farm.runners.get(runner.id);
  if (now?.instanceId !== runner.instanceId)
    throw new AppError("superseded", `A newer process has registered as runner "${runner.name}"; this one is to end.`);
  if (now.keyId === null) throw new AppError("unauthorized", "The key of this runner has been revoked.");
}

/** Moves a runner between online and offline, in memory and for good, and lets those who wait for work look again. */
export async function setLiveness(farm: Farm, runner: LiveRunner, status: "online" | "offline"): Promise<void> {
  runner.status = status;
  const seenAgoMs = farm.clock.monotonicMs() - runner.seenMs;
  await farm.commit.write(() => {
    setRunnerStatus(farm.db, runner.id, status);
    setRunnerSeen(farm.db, runner.id, Math.round(farm.clock.nowMs() - seenAgoMs));
  });
  farm.log.info(`runner ${status}`, { runner: runner.name, id: runner.id });
  farm.work.raise();
}
