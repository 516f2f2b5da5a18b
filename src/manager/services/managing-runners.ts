import { AppError } from "#domain/app-error.ts";
import { LEASE_SECONDS } from "#domain/lease.ts";
import type { RunnerStatus } from "#domain/runner.ts";
import { deleteRunner, setRunnerName, setRunnerStatus } from "#manager/db/runners.ts";
import { returnLeases } from "./completing.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";

export type RunnerChange = { name?: string; disabled?: boolean; draining?: boolean };

/**
 * Changes a runner, all of it or nothing. Disabled, it gets nothing, what it holds goes back at once, and it stays so over restarts of its
 * process. Draining, it finishes what it holds and takes nothing new; a process that is started after that is online again.
 * A runner is known by its name: its process must be started with the new one from then on. Throws `not_found`, `conflict`.
 */
export async function changeRunner(farm: Farm, id: number, change: RunnerChange): Promise<LiveRunner> {
  const runner = mustGetRunner(farm, id);
  const status = statusAfter(farm, runner, change);
  const name = change.name?.trim() ?? runner.name;
  if (name === "") throw new AppError("bad_request", "A runner's name has 1 to 100 characters.");
  await farm.commit.write(() => {
    if (name !== runner.name && !setRunnerName(farm.db, id, name))
      throw new AppError("conflict", `There is a runner "${name}" already.`);
    if (status !== runner.status) setRunnerStatus(farm.db, id, status);
  });
  farm.log.info("runner changed", { runner: runner.name, id, name, status });
  runner.name = name;
  runner.status = status;
  if (status === "disabled") await returnLeases(farm, farm.leases.ofRunner(id));
  farm.work.raise();
  return runner;
}

/** Forgets a runner that is not there. Throws `not_found`, and `conflict` for one whose process runs: it would only register again. */
export async function removeRunner(farm: Farm, id: number): Promise<void> {
  const runner = mustGetRunner(farm, id);
  if (isThere(farm, runner))
    throw new AppError("conflict", `Runner "${runner.name}" is there; stop its process, or disable it instead.`);
  await returnLeases(farm, farm.leases.ofRunner(id));
  await farm.commit.write(() => deleteRunner(farm.db, id));
  farm.runners.remove(id);
  farm.log.info("runner removed", { runner: runner.name, id });
}

function mustGetRunner(farm: Farm, id: number): LiveRunner {
  const runner = farm.runners.get(id);
  if (!runner) throw new AppError("not_found", `There is no runner ${id}.`);
  return runner;
}

function isThere(farm: Farm, runner: LiveRunner): boolean {
  return runner.status !== "offline" && farm.clock.monotonicMs() - runner.seenMs <= LEASE_SECONDS * 1000;
}

function statusAfter(farm: Farm, runner: LiveRunner, { disabled, draining }: RunnerChange): RunnerStatus {
  const plain = isThere(farm, runner) ? "online" : "offline";
  if (disabled ?? runner.status === "disabled") {
    if (draining) throw new AppError("conflict", "A disabled runner has nothing to drain; enable it first.");
    return "disabled";
  }
  if (draining ?? runner.status === "draining") {
    if (plain === "offline")
      throw new AppError("conflict", `Runner "${runner.name}" is offline; there is nothing to drain.`);
    return "draining";
  }
  return plain;
}
