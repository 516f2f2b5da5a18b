import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import type { StoredFile } from "#domain/output.ts";
import { deleteFile, listUnhashedUploads, listUploads, setFileSha256 } from "#manager/db/files.ts";
import { getJob, setJobContext, setJobMessage, setJobMetadata } from "#manager/db/jobs.ts";
import { type ProjectFile, replaceProjectFiles } from "#manager/db/project-files.ts";
import { type BuiltContext, buildContext } from "#manager/storage/context.ts";
import { uploadPath } from "#manager/storage/layout.ts";
import { fileExists } from "#manager/storage/durable.ts";
import { makeTempFolder } from "#manager/storage/temp-folder.ts";
import { readWithBlenderLater } from "./blender-reading.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { reviewProject } from "./project-review.ts";
import { writingFor } from "./removing-files.ts";
import { projectLimits } from "./settings.ts";
import { judgeDraft } from "./starting.ts";

/** More uploads than any draft gets by hand. */
const MAX_UPLOADS = 100_000;

/**
 * Makes a project of a draft's uploads: context.tar with its manifest, the scene read, warnings, and the start where autostart is on.
 * One at a time for each job; what was uploaded before stays as it was when this throws (`bad_archive`, `damaged_scene`, `disk_full`).
 */
export function takeIn(farm: Farm, jobId: number): Promise<void> {
  return farm.intake.run(jobId, () => writingFor(farm, jobId, makeProject(farm, jobId)));
}

/** The same in the background; a job whose files cannot be taken in says so. */
export function takeInLater(farm: Farm, jobId: number): void {
  const failed = async (error: unknown): Promise<void> => {
    if (!getJob(farm.db, jobId)) return;
    const message =
      error instanceof AppError ? error.message : "The upload could not be taken in; the manager's log says why.";
    farm.log.error("an upload could not be taken in", { job: jobId, error: String(error) });
    await farm.commit.write(() => {
      setJobMessage(farm.db, jobId, "internal", message);
      tellOf(farm, { type: "job", jobId });
    });
  };
  farm.background.add(takeIn(farm, jobId).catch(failed));
}

/** Goes on with the uploads that a stop of the manager has interrupted; those that never arrived whole are forgotten. */
export async function resumeIntake(farm: Farm): Promise<void> {
  const jobs = new Set<number>();
  for (const file of listUnhashedUploads(farm.db)) {
    if (await fileExists(uploadPath(farm.storage, file.id))) jobs.add(file.jobId);
    else deleteFile(farm.db, file.id);
  }
  for (const jobId of jobs) takeInLater(farm, jobId);
}

async function makeProject(farm: Farm, jobId: number): Promise<void> {
  const uploads = listUploads(farm.db, jobId, 0, MAX_UPLOADS);
  const sources = uploads.map((file) => ({ path: uploadPath(farm.storage, file.id), name: file.name }));
  await using context = await buildContext(farm.storage, jobId, sources, projectLimits(farm));
  const review = await reviewProject(farm, mustGetJob(farm, jobId), { tar: context.path, files: context.files });
  const { sha256, files } = await hashContext(farm, context);
  const hashes = await hashUploads(farm, uploads, files);
  await context.commit();
  await farm.commit.write(() => {
    const job = mustGetJob(farm, jobId);
    uploads.forEach((file, i) => setFileSha256(farm.db, file.id, hashes[i]!));
    replaceProjectFiles(farm.db, jobId, files);
    setJobContext(farm.db, jobId, { version: job.contextVersion + 1, size: context.size, sha256 });
    setJobMetadata(farm.db, jobId, review.metadata);
    if (review.metadata) judgeDraft(farm, jobId, review.metadata);
    else setJobMessage(farm.db, jobId, null, review.message);
    tellOf(farm, { type: "job", jobId });
  });
  if (review.metadata) readWithBlenderLater(farm, jobId, review.metadata);
}

/** Hashes the tar and every file in it in one reading. */
async function hashContext(farm: Farm, context: BuiltContext): Promise<{ sha256: string; files: ProjectFile[] }> {
  await using folder = await makeTempFolder(farm.storage);
  const partsPath = join(folder.path, "parts.json");
  await Bun.write(partsPath, JSON.stringify(context.files.map(({ offset, size }) => ({ offset, size }))));
  const { sha256, parts } = await farm.tools.hashFile(context.path, partsPath);
  return { sha256, files: context.files.map((file, i) => ({ ...file, sha256: parts[i]! })) };
}

/** The hashes of uploads, in their order. A single file has been hashed as part of the context already. */
async function hashUploads(
  farm: Farm,
  uploads: readonly StoredFile[],
  files: readonly ProjectFile[],
): Promise<string[]> {
  if (uploads.length === 1 && files.length === 1 && files[0]!.size === uploads[0]!.size) return [files[0]!.sha256];
  const hashes: string[] = [];
  for (const upload of uploads)
    hashes.push(upload.sha256 ?? (await farm.tools.hashFile(uploadPath(farm.storage, upload.id))).sha256);
  return hashes;
}
