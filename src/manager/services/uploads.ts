import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
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
import { readNumber } from "./settings.ts";

/** Longer names are cut; no file system takes more. */
const MAX_NAME_LENGTH = 255;

export type SentUpload = { name: string; content: AsyncIterable<Uint8Array>; size: number | null };

/**
 * Takes a .blend, an archive of a project, or a further file of a project into a draft. Streams it to disk, then looks at what it is:
 * a .blend is read at once, its hash and its place in the project follow in the background; an archive is unpacked before the answer.
 * Throws `already_started`, `too_large`, `upload_incomplete`, `not_a_scene`, `damaged_scene`, `bad_archive`, `disk_full`; then nothing is left.
 */
export async function receiveUpload(farm: Farm, job: Job, sent: SentUpload): Promise<StoredFile> {
  mustTakeUploads(job);
  const name = fileName(sent.name);
  const maxBytes = readNumber(farm, "max-upload-size");
  const expected = sent.size === null ? {} : { expectedBytes: sent.size };
  await using received = await receiveFile(farm.storage, sent.content, { maxBytes, ...expected });
  const kind = await kindOf(received.path);
  if (received.size === 0) throw new AppError("not_a_scene", "The file is empty.");
  if (kind === "blend") await farm.tools.readBlend({ path: received.path, offset: 0, size: received.size });
  if (kind === null && job.contextVersion === 0)
    throw new AppError("not_a_scene", `"${name}" is neither a .blend nor a .zip, .tar or .tar.gz of a project.`);
  const fileId = await farm.commit.write(() => {
    reopen(farm, job.id);
    tellOf(farm, { type: "job", jobId: job.id });
    if (kind !== null) setJobFileName(farm.db, job.id, name);
    return insertUpload(farm.db, { jobId: job.id, name, size: received.size, createdAtMs: farm.clock.nowMs() });
  });
  try {
    await received.commitTo(uploadPath(farm.storage, fileId));
    if (kind === null || kind === "blend") takeInLater(farm, job.id);
    else await takeIn(farm, job.id);
  } catch (error) {
    await deleteUpload(farm.storage, fileId);
    await farm.commit.write(() => deleteFile(farm.db, fileId));
    throw error;
  }
  return getFile(farm.db, job.id, fileId)!;
}

/** A draft takes uploads, and so does a job that failed before it could start. */
function mustTakeUploads(job: Job): void {
  if (job.status === "draft" || (job.status === "failed" && job.tasksTotal === 0)) return;
  throw new AppError("already_started", `The job is ${job.status}; files can be added only before it starts.`);
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

/** The last part of what a browser calls a file, without what no name should have. */
function fileName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(/[\u0000-\u001f\u007f]/g, "").trim();
  return name === "" || name === "." || name === ".." ? "upload" : name.slice(0, MAX_NAME_LENGTH);
}
