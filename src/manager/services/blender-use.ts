import { warnOfChoice } from "#domain/blender-choice.ts";
import type { Job } from "#domain/job.ts";
import { addWarnings } from "#manager/db/job-warnings.ts";
import { setJobBlender, setJobMessage } from "#manager/db/jobs.ts";
import { blenderOfJob, matchBlenders } from "./blender-choice.ts";
import type { Farm } from "./farm.ts";
import type { ReadyJob } from "./ready-index.ts";
import { refreshJob } from "./rebuild.ts";

/** The reason of a job that waits for a Blender. */
const WAITS = "blender_unavailable";

/**
 * Fixes the Blender of a job that is about to be rendered, with a warning where it is not of the file's own series, or where frames were
 * rendered with another one before. Part of the caller's transaction.
 */
export function fixBlender(farm: Farm, job: Job): void {
  if (job.reason === WAITS) setJobMessage(farm.db, job.id, null, null);
  const match = matchBlenders(farm);
  const choice = match.choose(job);
  if (!choice || choice.version === job.blenderUsed) return;
  setJobBlender(farm.db, job.id, choice.version);
  const warning = warnOfChoice(choice, match.wishOf(job));
  if (warning !== null) addWarnings(farm.db, job.id, [{ code: "other_blender", message: warning }]);
  if (job.blenderUsed === null || job.framesDone === 0) return;
  const message = `Frames were rendered with Blender ${job.blenderUsed}, which is not there any more; the rest is rendered with ${choice.version}.`;
  addWarnings(farm.db, job.id, [{ code: "other_blender", message }]);
}

/**
 * Says of each queued job that no Blender fits what it waits for, and takes it back of those that one fits by now. What there is changes
 * with storage and with the runners that are there, so it is looked at every second.
 */
export async function noteBlenderWaits(farm: Farm): Promise<void> {
  const match = matchBlenders(farm);
  const changed = farm.ready
    .inOrder(() => true, farm.leases.countOfUser)
    .filter((job) => job.reason === null || job.reason === WAITS)
    .filter(({ work }) => work.some(({ kind }) => kind !== "encode"))
    .flatMap((job) => {
      const message = waitOf(farm, job, match);
      return message === job.message ? [] : [{ id: job.id, message }];
    });
  if (changed.length === 0) return;
  await farm.commit.write(() => {
    for (const { id, message } of changed) {
      setJobMessage(farm.db, id, message === null ? null : WAITS, message);
      refreshJob(farm, id);
    }
  });
}

function waitOf(farm: Farm, job: ReadyJob, match = matchBlenders(farm)): string | null {
  const blender = blenderOfJob(farm, job, match);
  return blender === null || blender.version !== null ? null : blender.reason;
}
