import { AppError } from "#domain/app-error.ts";
import { isJobEnded } from "#domain/job.ts";
import { cancelAttempts, endAttempt } from "#manager/db/attempts.ts";
import { listUploadIds } from "#manager/db/files.ts";
import { deleteJob, giveJobs, listJobs, setJobStatus } from "#manager/db/jobs.ts";
import { listRunners } from "#manager/db/runners.ts";
import { cancelTasks, listLeasedTasks, requeueTask } from "#manager/db/tasks.ts";
import { countOtherAdmins, deleteUser, getUser, getUserByEmail, type StoredUser } from "#manager/db/users.ts";
import { dismissRunners, forgetRemovedRunners } from "./catching-up.ts";
import type { Farm, Office } from "./farm.ts";
import { rebuildMemory } from "./rebuild.ts";
import { removeJobFiles } from "./removing-files.ts";

/** What becomes of the jobs of a user who is removed: the admins keep what is filed, or it is deleted, or given to another user. */
export type JobsFate = { kind: "keep" } | { kind: "delete" } | { kind: "give"; toUserId: number };

/** More jobs than anybody makes. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * Removes an account with its sessions, keys and runners. Its jobs are canceled; what is filed stays with the admins. Throws `not_found`,
 * and `conflict` for the last admin. For the command line: a manager that runs hears of it within a second.
 */
export function removeUser(office: Office, email: string): void {
  const remove = office.db.transaction(() => {
    const user = getUserByEmail(office.db, email);
    if (!user) throw new AppError("not_found", `There is no user ${email}.`);
    removeRows(office, user, { kind: "keep" });
  });
  remove.immediate();
}

/** The same in a running manager, which also deletes files or gives the jobs away. */
export async function removeAccount(farm: Farm, userId: number, fate: JobsFate): Promise<void> {
  const jobs = await farm.commit.write(() => {
    const user = getUser(farm.db, userId);
    if (!user) throw new AppError("not_found", `There is no user ${userId}.`);
    return removeRows(farm, user, fate);
  });
  forgetRemovedRunners(farm);
  rebuildMemory(farm);
  await dismissRunners(farm);
  const owner = fate.kind === "give" ? fate.toUserId : null;
  for (const { jobId } of jobs) farm.events.publish({ type: "job", jobId }, owner);
  if (fate.kind !== "delete") return;
  for (const { jobId, uploads } of jobs) await removeJobFiles(farm, jobId, uploads);
}

/** Throws `conflict` where nobody would be left who may administer the farm. */
export function mustNotBeLastAdmin(office: Office, user: StoredUser): void {
  if (!user.admin || user.disabled || countOtherAdmins(office.db, user) > 0) return;
  throw new AppError(
    "conflict",
    `The farm needs an admin, and ${user.email} is the last one; make another user an admin first.`,
  );
}

/** Returns the jobs that the user had, each with its uploads. */
function removeRows(office: Office, user: StoredUser, fate: JobsFate): { jobId: number; uploads: number[] }[] {
  mustNotBeLastAdmin(office, user);
  const jobs = listJobs(office.db, user.id, ALL, ALL);
  const owned = jobs.map(({ id: jobId }) => ({ jobId, uploads: listUploadIds(office.db, jobId) }));
  for (const job of jobs) if (!isJobEnded(job.status)) cancelRows(office, job.id);
  giveBackRows(office, user.id);
  if (fate.kind === "give") giveAway(office, user.id, fate.toUserId);
  if (fate.kind === "delete") for (const { jobId } of owned) deleteJob(office.db, jobId);
  deleteUser(office.db, user.id);
  return owned;
}

function cancelRows(office: Office, jobId: number): void {
  const nowMs = office.clock.nowMs();
  cancelAttempts(office.db, jobId, nowMs);
  cancelTasks(office.db, jobId, nowMs);
  setJobStatus(office.db, jobId, "canceled", { endedAtMs: nowMs });
}

/** The user's own runners go too, and may hold no task then. */
function giveBackRows(office: Office, ownerId: number): void {
  const own = new Set(listRunners(office.db).flatMap((runner) => (runner.ownerId === ownerId ? [runner.id] : [])));
  for (const { id: taskId, attempt, runnerId } of listLeasedTasks(office.db)) {
    if (runnerId === null || !own.has(runnerId)) continue;
    endAttempt(office.db, { taskId, attempt, outcome: "returned", nowMs: office.clock.nowMs() });
    requeueTask(office.db, taskId);
  }
}

function giveAway(office: Office, fromUserId: number, toUserId: number): void {
  if (toUserId === fromUserId || !getUser(office.db, toUserId))
    throw new AppError("bad_request", `There is no other user ${toUserId} to give the jobs to.`);
  giveJobs(office.db, fromUserId, toUserId);
}
