import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { writeFully } from "./batch-writer.ts";
import { byteSize } from "./byte-size.ts";
import { makeFolder } from "./durable.ts";
import { openFileSource } from "./file-source.ts";
import { errorCode, storageError } from "./storage-error.ts";

/** The most that is kept of one attempt's log. Blender says some 200 bytes per second; an endless loop in a script says more. */
export const MAX_LOG_BYTES = 16 * 2 ** 20;

/**
 * Writes a piece of a log at its offset, so that sending a piece twice changes nothing. Returns the size of the log.
 * At the cap a last line says that the log is cut off, and everything after it is taken and dropped.
 * Throws `conflict` when bytes before the piece are missing, and `disk_full`.
 */
export async function appendAttemptLog(
  path: string,
  offset: number,
  piece: Uint8Array,
  maxBytes: number = MAX_LOG_BYTES,
): Promise<number> {
  await makeFolder(dirname(path));
  const file = await open(path, constants.O_RDWR | constants.O_CREAT);
  try {
    const { size } = await file.stat();
    if (size >= maxBytes) return size;
    if (offset > size) throw new AppError("conflict", `The log has ${size} bytes; a piece at ${offset} leaves a gap.`);
    const news = piece.subarray(size - offset);
    const fitting = fit(news, size, maxBytes);
    await writeFully(file, fitting, size);
    return size + fitting.byteLength;
  } catch (error) {
    throw storageError(error);
  } finally {
    await file.close();
  }
}

/**
 * Reads a log from byte `after` on, at most `maxBytes` of it, and no half characters: `next` is where to go on reading.
 * A log that does not exist is empty.
 */
export async function readAttemptLog(
  path: string,
  after: number,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; next: number }> {
  try {
    await using log = await openFileSource(path);
    const bytes = wholeCharacters(await log.read(after, maxBytes));
    return { bytes, next: after + bytes.byteLength };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { bytes: new Uint8Array(), next: after };
    throw error;
  }
}

/** From where on a log is read by who is at byte `after` and wants no more than its last `mostBytes`: the beginning of a line, where it skips some. */
export async function skipInAttemptLog(path: string, after: number, mostBytes: number): Promise<number> {
  try {
    await using log = await openFileSource(path);
    const from = log.size - mostBytes;
    if (from <= after) return after;
    const lineEnd = (await log.read(from, mostBytes)).indexOf(0x0a);
    return from + lineEnd + 1;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return after;
    throw error;
  }
}

/** What may be appended at `size`; when it is not all, it ends with a line that says so, exactly at the cap. */
function fit(news: Uint8Array, size: number, maxBytes: number): Uint8Array {
  const lastLine = Buffer.from(`\n[The log is cut off here: more than ${byteSize(maxBytes)} are not kept.]\n`);
  const room = maxBytes - size - lastLine.byteLength;
  if (news.byteLength <= room) return news;
  return Buffer.concat([news.subarray(0, Math.max(room, 0)), lastLine]);
}

/** Drops the beginning of a UTF-8 character at the end, whose rest has not been written or read. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let fromEnd = 1; fromEnd <= Math.min(3, bytes.byteLength); fromEnd++) {
    const byte = bytes[bytes.byteLength - fromEnd]!;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (isContinuation) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > fromEnd ? bytes.subarray(0, -fromEnd) : bytes;
  }
  return bytes;
}
