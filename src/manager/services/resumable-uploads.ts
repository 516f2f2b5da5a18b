import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { type Checksum, expiresAtMs, givenUpBeforeMs, type ResumableUpload } from "#domain/resumable-upload.ts";
import type { User } from "#domain/user.ts";
import {
  countResumableUploads,
  deleteResumableUpload,
  getResumableUpload,
  insertResumableUpload,
  listResumableUploads,
  listUploadSizes,
  listUploadsTo,
  touchResumableUpload,
} from "#manager/db/resumable-uploads.ts";
import { diskSpace } from "#manager/storage/outputs.ts";
import {
  appendToResumable,
  createResumable,
  deleteResumable,
  moveResumable,
  moveResumableBack,
  pastTheEnd,
  resumableBytes,
  resumablePath,
} from "#manager/storage/resumable.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { jobFor } from "./jobs.ts";
import { readNumber } from "./settings.ts";
import { addToProject, fileName, mustTakeUploads } from "./uploads.ts";

/** More uploads on the way than anybody needs; each costs a file. */
const MAX_UPLOADS_OF_A_USER = 1000;

/** What stays free on the disk whatever is announced, for the database and the frames of running jobs. */
const RESERVED_BYTES = 256e6;

/** An upload with the bytes of it that have arrived. */
export type UploadState = ResumableUpload & { offset: number; expiresAtMs: number };

export type AnnouncedUpload = { name: string; size: number; jobId: number | null; metadata: string };

/**
 * Begins an upload. Throws before a byte is sent: `too_large` over the cap, `disk_full` where there is no room for it, `conflict` when the
 * user has too many on the way, and of the job that it is for `not_found` and `already_started`.
 */
export async function beginUpload(farm: Farm, user: User, announced: AnnouncedUpload): Promise<UploadState> {
  if (announced.jobId !== null) mustTakeUploads(jobFor(farm, user, announced.jobId));
  const most = readNumber(farm, "max-upload-size");
  if (announced.size > most)
    throw new AppError("too_large", `The upload has ${announced.size} bytes; one file may have ${most}.`);
  if (countResumableUploads(farm.db, user.id) >= MAX_UPLOADS_OF_A_USER)
    throw new AppError(
      "conflict",
      `You have ${MAX_UPLOADS_OF_A_USER} uploads on the way; finish or delete some first.`,
    );
  const { free } = await diskSpace(farm.storage);
  if (announced.size + (await promisedBytes(farm)) + RESERVED_BYTES > free)
    throw new AppError("disk_full", "The manager's disk has no room for this file; it takes it when there is space.");
  const id = await farm.commit.write(() =>
    insertResumableUpload(farm.db, {
      ...announced,
      name: fileName(announced.name),
      userId: user.id,
      createdAtMs: farm.clock.nowMs(),
    }),
  );
  try {
    await createResumable(farm.storage, id);
  } catch (error) {
    deleteResumableUpload(farm.db, id);
    throw error;
  }
  return uploadFor(farm, user, id);
}

/** What is still to come of all uploads that were begun: the disk has room for it, or they would not have been. */
async function promisedBytes(farm: Farm): Promise<number> {
  let bytes = 0;
  for (const { id, size } of listUploadSizes(farm.db))
    bytes += Math.max(0, size - ((await resumableBytes(farm.storage, id)) ?? size));
  return bytes;
}

/** A user's own upload; nobody else's is there. Throws `not_found`, also when it was given up. */
export async function uploadFor(farm: Farm, user: User, id: number): Promise<UploadState> {
  const upload = getResumableUpload(farm.db, id);
  const isGivenUp = upload !== null && upload.touchedAtMs < givenUpBeforeMs(farm.clock.nowMs());
  const offset = upload && upload.userId === user.id && !isGivenUp ? await resumableBytes(farm.storage, id) : null;
  if (!upload || offset === null)
    throw new AppError("not_found", `There is no upload ${id}; what is not finished within a day is given up.`);
  return { ...upload, offset, expiresAtMs: expiresAtMs(upload) };
}

/** A user's uploads that no job has yet, oldest first, after the id `after`. */
export async function uploadsOfUser(farm: Farm, user: User, page: { after: number; limit: number }) {
  return withOffsets(farm, listResumableUploads(farm.db, user.id, page.after, page.limit));
}

/** What a user is uploading to a job. */
export async function uploadsToJob(farm: Farm, user: User, job: Job): Promise<UploadState[]> {
  const own = listUploadsTo(farm.db, job.id).filter((upload) => upload.userId === user.id);
  return withOffsets(farm, own);
}

/** Stops whoever still sends to an upload, and says how much has arrived: what is asked before going on. */
export async function settledUpload(farm: Farm, user: User, id: number): Promise<UploadState> {
  await uploadFor(farm, user, id);
  return farm.uploads.run(id, () => uploadFor(farm, user, id));
}

export type SentPiece = { offset: number; length: number | null; checksum: Checksum | null };

/**
 * Appends a piece; returns how much the upload has then. Who sends to it already, over a connection that may be dead, is stopped first.
 * Throws `wrong_offset` when the piece does not begin where the last one ended, and as `appendToResumable`.
 */
export async function continueUpload(
  farm: Farm,
  user: User,
  id: number,
  body: ReadableStream<Uint8Array> | null,
  piece: SentPiece,
): Promise<UploadState> {
  await uploadFor(farm, user, id);
  return farm.uploads.run(id, async (signal) => {
    const upload = await uploadFor(farm, user, id);
    if (piece.offset !== upload.offset)
      throw new AppError("wrong_offset", `The upload has ${upload.offset} bytes; the next piece begins there.`);
    const maxBytes = upload.size - upload.offset;
    if ((piece.length ?? 0) > maxBytes) throw pastTheEnd();
    try {
      if (body) await appendToResumable(farm.storage, id, body, { ...piece, maxBytes, signal });
    } finally {
      await farm.commit.write(() => touchResumableUpload(farm.db, id, farm.clock.nowMs()));
    }
    return uploadFor(farm, user, id);
  });
}

/** Gives an upload up, and deletes what has arrived of it. */
export async function giveUpUpload(farm: Farm, user: User, id: number): Promise<void> {
  await uploadFor(farm, user, id);
  await farm.uploads.run(id, async () => {
    const upload = getResumableUpload(farm.db, id);
    await farm.commit.write(() => deleteResumableUpload(farm.db, id));
    await deleteResumable(farm.storage, id);
    if (upload?.jobId) tellOf(farm, { type: "job", jobId: upload.jobId });
  });
}

/**
 * Takes whole uploads into a draft, as `addToProject` does; then they are uploads no more. Throws `not_ready` for one of which not
 * everything has arrived; an upload that could not be used is gone.
 */
export async function useUploads(farm: Farm, user: User, job: Job, ids: readonly number[]): Promise<StoredFile[]> {
  mustTakeUploads(job);
  const uploads = await wholeUploads(farm, user, ids);
  const files = uploads.map(({ id, name, size }) => ({
    name,
    size,
    path: resumablePath(farm.storage, id),
    commitTo: (path: string) => moveResumable(farm.storage, id, path),
    takeBack: (path: string) => moveResumableBack(farm.storage, id, path),
  }));
  try {
    return await addToProject(farm, job, files);
  } catch (error) {
    if (error instanceof AppError && UNUSABLE.has(error.code))
      await Promise.all(ids.map((id) => deleteResumable(farm.storage, id)));
    throw error;
  } finally {
    await forgetMoved(farm, ids);
  }
}

/** Uploads that can be used as they are, each once. Throws `not_found` and `not_ready`. */
export async function wholeUploads(farm: Farm, user: User, ids: readonly number[]): Promise<UploadState[]> {
  const uploads: UploadState[] = [];
  for (const id of new Set(ids)) {
    const upload = await uploadFor(farm, user, id);
    if (upload.offset < upload.size)
      throw new AppError(
        "not_ready",
        `Upload ${id} has ${upload.offset} of its ${upload.size} bytes; send the rest first.`,
      );
    uploads.push(upload);
  }
  return uploads;
}

/** A file that another try will not make better. */
const UNUSABLE: ReadonlySet<string> = new Set(["not_a_scene", "damaged_scene", "bad_archive"]);

/** Forgets those uploads whose files lie elsewhere now, or nowhere. */
async function forgetMoved(farm: Farm, ids: readonly number[]): Promise<void> {
  for (const id of ids) if ((await resumableBytes(farm.storage, id)) === null) deleteResumableUpload(farm.db, id);
}

async function withOffsets(farm: Farm, uploads: readonly ResumableUpload[]): Promise<UploadState[]> {
  const states: UploadState[] = [];
  for (const upload of uploads) {
    const offset = await resumableBytes(farm.storage, upload.id);
    const isGivenUp = upload.touchedAtMs < givenUpBeforeMs(farm.clock.nowMs());
    if (offset !== null && !isGivenUp) states.push({ ...upload, offset, expiresAtMs: expiresAtMs(upload) });
  }
  return states;
}
