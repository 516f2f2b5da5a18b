import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { placeFile } from "#domain/place-file.ts";
import { deleteFile, getFile, insertUpload } from "#manager/db/files.ts";
import { setJobFileName, setJobStatus } from "#manager/db/jobs.ts";
import { detectUploadKind, type UploadKind } from "#manager/storage/archive-kind.ts";
import { openFileSource } from "#manager/storage/file-source.ts";
import { uploadPath } from "#manager/storage/layout.ts";
import { deleteUpload } from "#manager/storage/outputs.ts";
import { receiveFile } from "#manager/storage/receive.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { takeIn, takeInLater } from "./intake.ts";
import { missingPlacesOf } from "./missing-places.ts";
import { readNumber } from "./settings.ts";

/** Longer names are cut; no file system takes more. */
const MAX_NAME_LENGTH = 255;

export type SentUpload = { name: string; content: AsyncIterable<Uint8Array>; size: number | null };

/** A file that lies whole in `temp/`, and how it gets to its place. */
export type ArrivedFile = {
  name: string;
  path: string;
  size: number;
  commitTo: (path: string) => Promise<void>;
  /** Takes the file back from there, for another try; without this it is deleted when it could not be used. */
  takeBack?: (path: string) => Promise<void>;
};

/**
 * Takes a .blend, an archive of a project, or a further file of a project into a draft. Streams it to disk, then looks at what it is:
 * a .blend is read at once, its hash and its place in the project follow in the background; an archive is unpacked before the answer.
 * Throws `already_started`, `too_large`, `upload_incomplete`, `not_a_scene`, `damaged_scene`, `bad_archive`, `disk_full`; then nothing is left.
 */
export async function receiveUpload(farm: Farm, job: Job, sent: SentUpload): Promise<StoredFile> {
  mustTakeUploads(job);
  const maxBytes = readNumber(farm, "max-upload-size");
  const expected = sent.size === null ? {} : { expectedBytes: sent.size };
  await using received = await receiveFile(farm.storage, sent.content, { maxBytes, ...expected });
  const [file] = await addToProject(farm, job, [{ ...received, name: fileName(sent.name) }]);
  return file!;
}

/**
 * Takes files into a draft together, as one change of its project: all of them or none. Throws as `receiveUpload` does; what cannot be
 * used is deleted then, but what the farm itself was in no state for is taken back.
 */
export async function addToProject(farm: Farm, job: Job, files: readonly ArrivedFile[]): Promise<StoredFile[]> {
  const kinds = await lookAt(farm, job, files);
  const waiting = missingPlacesOf(farm, job.id);
  const ids = await farm.commit.write(() => {
    reopen(farm, job.id);
    tellOf(farm, { type: "job", jobId: job.id });
    return files.map(({ name, size }, i) => {
      const place = isOneFile(kinds[i]!) ? placeFile(name, waiting) : null;
      if (kinds[i] !== null && place === null) setJobFileName(farm.db, job.id, name);
      return insertUpload(farm.db, {
        jobId: job.id,
        name: place ?? name,
        size,
        createdAtMs: farm.clock.nowMs(),
      });
    });
  });
  try {
    for (const [i, file] of files.entries()) await file.commitTo(uploadPath(farm.storage, ids[i]!));
    mustGetJob(farm, job.id); // it may have been deleted meanwhile
    if (kinds.every(isOneFile)) takeInLater(farm, job.id);
    else await takeIn(farm, job.id);
  } catch (error) {
    await takeOut(farm, files, ids, error);
    throw error;
  }
  return ids.map((id) => getFile(farm.db, job.id, id)!);
}

/** A draft takes uploads, and so does a job that failed before it could start. Throws `already_started`. */
export function mustTakeUploads(job: Job): void {
  if (job.status === "draft" || (job.status === "failed" && job.tasksTotal === 0)) return;
  throw new AppError("already_started", `The job is ${job.status}; files can be added only before it starts.`);
}

/** The last part of what a browser calls a file, without what no name should have. */
export function fileName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(/[\u0000-\u001f\u007f]/g, "").trim();
  return name === "" || name === "." || name === ".." ? "upload" : name.slice(0, MAX_NAME_LENGTH);
}

/** Says of each file what it is, and refuses what is damaged or cannot begin a project. */
async function lookAt(farm: Farm, job: Job, files: readonly ArrivedFile[]): Promise<(UploadKind | null)[]> {
  const kinds: (UploadKind | null)[] = [];
  for (const { path, size } of files) {
    if (size === 0) throw new AppError("not_a_scene", "The file is empty.");
    const kind = await kindOf(path);
    if (kind === "blend") await farm.tools.readBlend({ path, offset: 0, size });
    kinds.push(kind);
  }
  if (job.contextVersion === 0 && kinds.every((kind) => kind === null))
    throw new AppError(
      "not_a_scene",
      `"${files[0]!.name}" is neither a .blend nor a .zip, .tar or .tar.gz of a project.`,
    );
  return kinds;
}

/** What could not be used goes again; a fault of the farm's own is no reason to send a large file again. */
async function takeOut(
  farm: Farm,
  files: readonly ArrivedFile[],
  ids: readonly number[],
  error: unknown,
): Promise<void> {
  const isOwnFault = !(error instanceof AppError) || error.code === "disk_full";
  for (const [i, file] of files.entries()) {
    const path = uploadPath(farm.storage, ids[i]!);
    if (isOwnFault && file.takeBack)
      await file.takeBack(path).catch(() => {}); // it had not got there yet
    else await deleteUpload(farm.storage, ids[i]!);
  }
  await farm.commit.write(() => ids.forEach((id) => deleteFile(farm.db, id)));
}

function isOneFile(kind: UploadKind | null): boolean {
  return kind === null || kind === "blend";
}

function reopen(farm: Farm, jobId: number): void {
  const job = mustGetJob(farm, jobId);
  mustTakeUploads(job);
  if (job.status === "failed") setJobStatus(farm.db, jobId, "draft");
}

async function kindOf(path: string): Promise<UploadKind | null> {
  await using source = await openFileSource(path);
  return await detectUploadKind(source);
}
