import { open, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import type { Checksum } from "#domain/resumable-upload.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { makeFolder, renameDurably } from "./durable.ts";
import { type Layout, resumableName } from "./layout.ts";
import { storageError } from "./storage-error.ts";

export type Piece = {
  /** Where it goes: the end of what has arrived before. */
  offset: number;
  /** The most bytes that it may have. */
  maxBytes: number;
  checksum: Checksum | null;
  /** Fires when somebody else goes on with the upload. */
  signal: AbortSignal;
};

/** Where the bytes of a resumable upload lie. */
export function resumablePath(layout: Layout, id: number): string {
  return join(layout.temp, resumableName(id));
}

/** Makes the file of an upload of which nothing has arrived. Throws `disk_full`. */
export async function createResumable(layout: Layout, id: number): Promise<void> {
  try {
    await makeFolder(layout.temp);
    const handle = await open(resumablePath(layout, id), "wx");
    await handle.close();
  } catch (error) {
    throw storageError(error);
  }
}

/** How many bytes of an upload have arrived; null when its file is not there. */
export async function resumableBytes(layout: Layout, id: number): Promise<number | null> {
  const stats = await stat(resumablePath(layout, id)).catch(() => null);
  return stats?.size ?? null;
}

/**
 * Appends a piece to an upload, in constant memory, and syncs it; returns how many bytes the upload has then. What has arrived stays also
 * when the body breaks off (`upload_incomplete`), the disk is full (`disk_full`) or somebody else goes on with the upload
 * (`superseded`). Nothing of the piece stays when it has too many bytes (`too_large`) or another checksum than announced (`wrong_checksum`).
 */
export async function appendToResumable(
  layout: Layout,
  id: number,
  body: ReadableStream<Uint8Array>,
  piece: Piece,
): Promise<number> {
  const path = resumablePath(layout, id);
  const handle = await open(path, "r+");
  try {
    const writer = createBatchWriter(handle);
    await writer.seek(piece.offset);
    const hash = piece.checksum && new Bun.CryptoHasher(piece.checksum.algorithm);
    const taken = await take(body, piece, async (chunk) => {
      await writer.write(chunk);
      hash?.update(chunk);
    });
    await writer.flush();
    await handle.datasync();
    if (taken.error) throw taken.error;
    if (hash && !Buffer.from(piece.checksum!.digest).equals(hash.digest()))
      throw new AppError("wrong_checksum", "This piece of the upload arrived damaged; send it again.");
    return piece.offset + taken.bytes;
  } catch (error) {
    if (error instanceof AppError && (error.code === "wrong_checksum" || error.code === "too_large"))
      await truncate(path, piece.offset);
    throw storageError(error);
  } finally {
    await handle.close();
  }
}

/** Moves a whole upload to its final place. It is synced already. */
export async function moveResumable(layout: Layout, id: number, to: string): Promise<void> {
  await renameDurably(resumablePath(layout, id), to);
}

/** Moves an upload back that could not be used, for another try. */
export async function moveResumableBack(layout: Layout, id: number, from: string): Promise<void> {
  await renameDurably(from, resumablePath(layout, id));
}

/** Deletes what has arrived of an upload; nothing there is no error. */
export async function deleteResumable(layout: Layout, id: number): Promise<void> {
  await rm(resumablePath(layout, id), { force: true });
}

type Taken = { bytes: number; error: AppError | null };

/** Reads a body to its end, or until it breaks off or the signal fires: then `error` says so. */
async function take(
  body: ReadableStream<Uint8Array>,
  { maxBytes, signal }: Piece,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<Taken> {
  if (signal.aborted) return { bytes: 0, error: superseded() };
  const reader = body.getReader();
  const stop = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  let bytes = 0;
  try {
    for (;;) {
      const next = await reader.read().catch((error: unknown) => ({ done: true, value: undefined, error }) as const);
      if (signal.aborted) return { bytes, error: superseded() };
      if ("error" in next) return { bytes, error: brokenOff(next.error) };
      if (next.done) return { bytes, error: null };
      bytes += next.value.byteLength;
      if (bytes > maxBytes) throw pastTheEnd();
      await write(next.value);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    reader.releaseLock();
  }
}

/** A piece goes on past the size that was announced for the whole. */
export function pastTheEnd(): AppError {
  return new AppError("too_large", "This piece goes past the size that was announced for the upload.");
}

function superseded(): AppError {
  return new AppError("superseded", "The upload goes on in another request.");
}

function brokenOff(cause: unknown): AppError {
  return new AppError("upload_incomplete", "The connection broke off; what has arrived is kept.", { cause });
}
