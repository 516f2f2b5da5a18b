import { AppError } from "#domain/app-error.ts";
import { LEASE_SECONDS, PROTOCOL_VERSION } from "#domain/lease.ts";
import type { TaskProgress } from "#domain/progress.ts";
import type { Runner, RunnerCapabilities } from "#domain/runner.ts";
import type { RunnerKey } from "#domain/user.ts";
import { setRunnerCapabilities, upsertRunner } from "#manager/db/runners.ts";
import { loseLeases, returnLeases } from "./completing.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { hearFrom, setLiveness } from "./runner-liveness.ts";
import type { LiveRunner } from "./runner-table.ts";

export type RunnerIntroduction = {
  key: RunnerKey;
  protocol: number;
  name: string;
  instanceId: string;
  address: string;
  capabilities: RunnerCapabilities;
};

/**
 * Makes a process the one that speaks for the runner of this owner and name. An older process of that name is superseded: its leases
 * return to the queue at once. Throws `incompatible` for another protocol version.
 */
export async function registerRunner(farm: Farm, intro: RunnerIntroduction): Promise<Runner> {
  if (intro.protocol !== PROTOCOL_VERSION)
    throw new AppError(
      "incompatible",
      `The manager speaks protocol ${PROTOCOL_VERSION}, the runner ${intro.protocol}. Use the same JiggaBlend on both.`,
    );
  const { name, instanceId, address, capabilities } = intro;
  const runner = await farm.commit.write(() =>
    upsertRunner(farm.db, {
      ownerId: intro.key.ownerId,
      name,
      instanceId,
      address,
      capabilities,
      nowMs: farm.clock.nowMs(),
    }),
  );
  const before = farm.runners.get(runner.id);
  farm.runners.put(runner, farm.clock.monotonicMs()).keyId = intro.key.keyId;
  if (before?.instanceId !== instanceId) await returnLeases(farm, farm.leases.ofRunner(runner.id));
  farm.log.info("runner registered", { runner: name, id: runner.id, address, blenders: versionsOf(capabilities) });
  farm.work.raise();
  return runner;
}

/** The runner that a call speaks for. Throws `not_found` for an unknown one and `superseded` for a process that a newer one has replaced. */
export function callingRunner(farm: Farm, key: RunnerKey, name: { runnerId: number; instanceId: string }): LiveRunner {
  const runner = farm.runners.get(name.runnerId);
  if (!runner || runner.ownerId !== key.ownerId)
    throw new AppError("not_found", "No such runner here; register again.");
  if (runner.instanceId !== name.instanceId)
    throw new AppError("superseded", `A newer process has registered as runner "${runner.name}"; this one is to end.`);
  runner.keyId = key.keyId;
  return runner;
}

export type Heartbeat = {
  tasks: readonly { id: number; attempt: number; progress: TaskProgress | null }[];
  draining: boolean;
};
export type HeartbeatReply = { abandon: { id: number; attempt: number; why: string }[]; drain: boolean };

/** Renews a runner's leases, takes in its progress, and tells which tasks are not its any more. */
export async function heartbeat(farm: Farm, runner: LiveRunner, beat: Heartbeat): Promise<HeartbeatReply> {
  const nowMs = farm.clock.monotonicMs();
  runner.leaving = beat.draining;
  runner.gone = false;
  await hearFrom(farm, runner);
  const abandon: HeartbeatReply["abandon"] = [];
  for (const { id, attempt, progress } of beat.tasks) {
    const lease = farm.leases.get(id);
    if (lease?.attempt !== attempt || lease.runnerId !== runner.id) {
      abandon.push({
        id,
        attempt,
        why: "The task is not this runner's any more: it was canceled, or the lease ran out.",
      });
      continue;
    }
    farm.leases.renew(lease, nowMs);
    if (!progress) continue;
    lease.progress = progress;
    tellOf(farm, { type: "task", jobId: lease.jobId, taskId: id });
  }
  return { abandon, drain: runner.status === "draining" };
}

/** Takes in that a runner's process ends: what it may still hold returns to the queue, and it is offline at once. */
export async function sayGoodbye(farm: Farm, runner: LiveRunner): Promise<HeartbeatReply> {
  runner.leaving = true;
  runner.gone = true;
  runner.seenMs = farm.clock.monotonicMs();
  await returnLeases(farm, farm.leases.ofRunner(runner.id));
  if (runner.status !== "offline" && runner.status !== "disabled") await setLiveness(farm, runner, "offline");
  return { abandon: [], drain: false };
}

/** Takes in which Blenders a runner has by now. */
export async function takeBlenders(
  farm: Farm,
  runner: LiveRunner,
  there: Required<Pick<RunnerCapabilities, "blenders" | "brokenBlenders">>,
): Promise<void> {
  runner.capabilities = { ...runner.capabilities, ...there };
  await farm.commit.write(() => setRunnerCapabilities(farm.db, runner.id, runner.capabilities));
  farm.log.info("a runner's Blenders have changed", { runner: runner.name, blenders: versionsOf(runner.capabilities) });
  farm.work.raise();
}

/** Looks for leases that have run out and runners that have vanished; called every second by the reaper. */
export async function reap(farm: Farm): Promise<void> {
  const nowMs = farm.clock.monotonicMs();
  await loseLeases(farm, farm.leases.expired(nowMs));
  for (const runner of farm.runners.all())
    if (runner.status !== "offline" && runner.status !== "disabled" && nowMs - runner.seenMs > LEASE_SECONDS * 1000)
      await setLiveness(farm, runner, "offline");
}

/** Lengthens everything that runs out, because the manager itself stood still for `byMs`. */
export function forgiveStall(farm: Farm, byMs: number): void {
  farm.leases.lengthenAll(byMs);
  for (const runner of farm.runners.all()) runner.seenMs += byMs;
  farm.log.warn("the manager stood still; all leases were lengthened", { seconds: Math.round(byMs / 1000) });
}

function versionsOf(capabilities: RunnerCapabilities): string {
  return capabilities.blenders.map((blender) => blender.version).join(",") || "none";
}
