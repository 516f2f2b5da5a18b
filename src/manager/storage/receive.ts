import { AppError } from "#domain/app-error.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { byteSize } from "./byte-size.ts";
import type { Layout } from "./layout.ts";
import { storageError } from "./storage-error.ts";
import { createTempFile, type TempFile } from "./temp-file.ts";

/** What a received file may be. */
export type ReceiveOptions = {
  /** The most bytes that are taken. */
  maxBytes: number;
  /** The size that was announced, where one was. */
  expectedBytes?: number;
  /** Whether the SHA-256 is computed on the way; it halves the speed. */
  sha256?: boolean;
};

/** A file that has been received as a whole, and is still to be committed or discarded. */
export type ReceivedFile = TempFile & { readonly size: number; readonly sha256: string | null };

/**
 * Writes a stream to a file in `temp/`, in constant memory and no faster than the disk.
 * Throws `too_large` over the cap, `upload_incomplete` when the stream breaks off or has another size than announced,
 * and `disk_full`. After any error nothing is left.
 */
export async function receiveFile(
  layout: Layout,
  body: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
): Promise<ReceivedFile> {
  if ((options.expectedBytes ?? 0) > options.maxBytes) throw tooLarge(options.maxBytes);
  const temp = await createTempFile(layout);
  try {
    const { size, sha256 } = await writeBody(temp, body, options);
    return { ...temp, size, sha256 };
  } catch (error) {
    await temp.discard();
    throw storageError(error);
  }
}

async function writeBody(
  temp: TempFile,
  body: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
): Promise<{ size: number; sha256: string | null }> {
  const hash = options.sha256 ? new Bun.CryptoHasher("sha256") : null;
  const writer = createBatchWriter(temp.handle);
  let size = 0;
  for await (const chunk of brokenOff(body)) {
    size += chunk.byteLength;
    if (size > options.maxBytes) throw tooLarge(options.maxBytes);
    await writer.write(chunk);
    hash?.update(chunk);
  }
  await writer.flush();
  if (options.expectedBytes !== undefined && size !== options.expectedBytes)
    throw incomplete(`The upload has ${size} bytes, but ${options.expectedBytes} were announced.`);
  return { size, sha256: hash?.digest("hex") ?? null };
}

/** Whatever ends a body early, a vanished client above all, is an upload that is not complete. */
async function* brokenOff(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw incomplete("The upload broke off before its end.", error);
  }
}

function incomplete(message: string, cause?: unknown): AppError {
  return new AppError("upload_incomplete", message, { cause });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("too_large", `The upload is larger than the ${byteSize(maxBytes)} that one file may have.`);
}
