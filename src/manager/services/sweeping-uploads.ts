import { givenUpBeforeMs } from "#domain/resumable-upload.ts";
import { listUploads } from "#manager/db/files.ts";
import { getJob } from "#manager/db/jobs.ts";
import {
  deleteResumableUpload,
  listUntouchedUploads,
  listUploadSizes,
  listUploadsTo,
} from "#manager/db/resumable-uploads.ts";
import { resumableName } from "#manager/storage/layout.ts";
import { deleteResumable, resumableBytes } from "#manager/storage/resumable.ts";
import { emptyTemp } from "#manager/storage/sweep.ts";
import type { Farm } from "./farm.ts";
import { cancelJob, purgeJob } from "./job-control.ts";

/** Empties `temp/` at the start but for resumable uploads, and forgets those whose file a stop of the manager has left nowhere. */
export async function tidyTempAtStart(farm: Farm): Promise<void> {
  const ids = listUploadSizes(farm.db).map(({ id }) => id);
  await emptyTemp(farm.storage, new Set(ids.map(resumableName)));
  for (const id of ids) if ((await resumableBytes(farm.storage, id)) === null) deleteResumableUpload(farm.db, id);
}

/** Deletes uploads that were given up, and drafts that have nothing but such an upload. */
export async function sweepUploads(farm: Farm): Promise<void> {
  for (const { id, jobId } of listUntouchedUploads(farm.db, givenUpBeforeMs(farm.clock.nowMs()))) {
    await farm.uploads.run(id, async () => {
      await farm.commit.write(() => deleteResumableUpload(farm.db, id));
      await deleteResumable(farm.storage, id);
    });
    if (jobId !== null) await forgetEmptyDraft(farm, jobId);
  }
}

async function forgetEmptyDraft(farm: Farm, jobId: number): Promise<void> {
  const job = getJob(farm.db, jobId);
  const isEmpty = listUploads(farm.db, jobId, 0, 1).length === 0 && listUploadsTo(farm.db, jobId).length === 0;
  if (job?.status !== "draft" || !isEmpty) return;
  await cancelJob(farm, jobId);
  await purgeJob(farm, getJob(farm.db, jobId)!);
}
