import { AppError } from "#domain/app-error.ts";
import { getJob } from "#manager/db/jobs.ts";
import { deleteRemoval, listRemovals, type Removal } from "#manager/db/removals.ts";
import { deleteJobFiles, deleteUpload } from "#manager/storage/outputs.ts";
import type { Farm } from "./farm.ts";

/**
 * Removes the files of a job that was deleted: at once, and again once an intake that was under way has ended. What a stop of the
 * manager interrupts is finished by `resumeRemovals`.
 */
export async function removeJobFiles(farm: Farm, jobId: number, uploads: readonly number[]): Promise<void> {
  await deleteJobFiles(farm.storage, jobId, uploads);
  const removals: Removal[] = [{ kind: "job", id: jobId }];
  for (const id of uploads) removals.push({ kind: "upload", id });
  farm.background.add(finish(farm, jobId, removals));
}

/** Goes on with what a stop of the manager has interrupted. */
export function resumeRemovals(farm: Farm): void {
  for (const removal of listRemovals(farm.db)) farm.background.add(finish(farm, removal.id, [removal]));
}

async function finish(farm: Farm, lane: number, removals: readonly Removal[]): Promise<void> {
  await farm.intake.run(lane, async () => {
    for (const { kind, id } of removals) {
      if (kind === "job") await deleteJobFiles(farm.storage, id, []);
      else await deleteUpload(farm.storage, id);
    }
  });
  await farm.commit.write(() => removals.forEach((removal) => deleteRemoval(farm.db, removal)));
}

/**
 * Waits for what writes files for a job. Where the job was deleted meanwhile, what was written goes too, and the outcome, whatever it was,
 * is `not_found`.
 */
export async function writingFor<T>(farm: Farm, jobId: number, writing: Promise<T>): Promise<T> {
  try {
    const written = await writing;
    if (getJob(farm.db, jobId)) return written;
  } catch (error) {
    if (getJob(farm.db, jobId)) throw error;
  }
  await deleteJobFiles(farm.storage, jobId, []);
  throw new AppError("not_found", `There is no job ${jobId} any more.`);
}
