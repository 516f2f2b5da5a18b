import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { hasHeldLease } from "#manager/db/attempts.ts";
import { getFile, listUploads } from "#manager/db/files.ts";
import {
  countOutputs,
  getOutputByName,
  latestPicture,
  listOutputs,
  listOutputsByName,
  listOutputsInOrder,
} from "#manager/db/outputs.ts";
import { download } from "#manager/storage/download.ts";
import { contextPath, outputPath, uploadPath } from "#manager/storage/layout.ts";
import { outputArchiveResponse } from "#manager/storage/output-archive.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import type { LiveRunner } from "./runner-table.ts";

type Page = { after: number; limit: number };

/** What was uploaded to a job, a page of it. */
export function uploadsOf(farm: Farm, job: Job, page: Page): StoredFile[] {
  return listUploads(farm.db, job.id, page.after, page.limit);
}

/** What came out of a job, a page of it, in the order it was filed. */
export function outputsOf(farm: Farm, job: Job, page: Page): StoredFile[] {
  return listOutputs(farm.db, job.id, page.after, page.limit);
}

/** The picture of the frame that was filed last; null before the first. */
export function latestPictureOf(farm: Farm, job: Job): StoredFile | null {
  return job.framesDone === 0 ? null : latestPicture(farm.db, job.id, Number.MAX_SAFE_INTEGER);
}

/** How many files came out of a job. */
export function countOutputsOf(farm: Farm, job: Job): number {
  return countOutputs(farm.db, job.id);
}

/** A page of what came out of a job, in the order of its frames and names, as the archive has it. */
export function outputsInOrder(farm: Farm, job: Job, page: { offset: number; limit: number }): StoredFile[] {
  return listOutputsInOrder(farm.db, job.id, page);
}

/** A file of a job, an upload or an output; throws `not_found`. */
export function fileOf(farm: Farm, job: Job, fileId: number): StoredFile {
  const file = getFile(farm.db, job.id, fileId);
  if (!file) throw new AppError("not_found", `Job ${job.id} has no file ${fileId}.`);
  return file;
}

/** Where a file lies on disk. */
export function pathOf(farm: Farm, file: StoredFile): string {
  return file.kind === "upload" ? uploadPath(farm.storage, file.id) : outputPath(farm.storage, file.jobId, file.name);
}

/** Answers with a file's content; Range, ETag and If-None-Match are honoured. */
export function downloadOf(farm: Farm, job: Job, fileId: number, request: Request): Promise<Response> {
  const file = fileOf(farm, job, fileId);
  return download(request, {
    path: pathOf(farm, file),
    sha256: file.sha256,
    name: file.name,
    mtimeMs: file.createdAtMs,
  });
}

/** Answers with all outputs of a job as one streamed archive. */
export function outputArchive(farm: Farm, job: Job): Response {
  const outputs = listOutputsByName(farm.db, job.id);
  if (outputs.length === 0) throw new AppError("not_ready", "The job has no outputs yet.");
  return outputArchiveResponse(farm.storage, job.id, { name: `${job.name}-${job.id}.zip`, outputs });
}

/** Answers a runner with a job's context.tar. */
export function contextFor(farm: Farm, runner: LiveRunner, jobId: number, request: Request): Promise<Response> {
  mustHaveHeldLease(farm, runner, jobId);
  const job = mustGetJob(farm, jobId);
  return download(request, {
    path: contextPath(farm.storage, jobId),
    sha256: job.contextSha256,
    name: "context.tar",
    mtimeMs: null,
  });
}

/** Answers a runner with an output of a job, by its name. */
export function outputFor(
  farm: Farm,
  runner: LiveRunner,
  named: { id: number; name: string },
  request: Request,
): Promise<Response> {
  mustHaveHeldLease(farm, runner, named.id);
  const file = getOutputByName(farm.db, named.id, named.name);
  if (!file) throw new AppError("not_found", `Job ${named.id} has no output "${named.name}".`);
  return download(request, {
    path: pathOf(farm, file),
    sha256: file.sha256,
    name: file.name,
    mtimeMs: file.createdAtMs,
  });
}

function mustHaveHeldLease(farm: Farm, runner: LiveRunner, jobId: number): void {
  if (!hasHeldLease(farm.db, jobId, runner.id))
    throw new AppError("not_found", `This runner never had a task of job ${jobId}.`);
}
