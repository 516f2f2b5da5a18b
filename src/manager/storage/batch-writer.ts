import type { FileHandle } from "node:fs/promises";

/** Bytes that are gathered before they are written at once: a write has a cost of its own, whatever its size. */
const BATCH_BYTES = 1024 * 1024;

/**
 * Writes chunks of any size to a file, in large pieces, from a position on. What has not been flushed at the end of its
 * block (`await using`) is lost; a write that is under way is waited for, so that the file can be closed.
 */
export type BatchWriter = AsyncDisposable & {
  /** Takes a chunk (it is copied); resolves when the writer can take the next one. */
  write: (chunk: Uint8Array) => Promise<void>;
  /** Goes on writing at another position of the file. */
  seek: (position: number) => Promise<void>;
  /** Waits until everything taken so far is written. */
  flush: () => Promise<void>;
};

/**
 * Makes a writer with two buffers, so that the disk writes one while the other is being filled. Memory stays constant.
 * A write that fails is thrown by the next call.
 */
export function createBatchWriter(handle: FileHandle): BatchWriter {
  let filling = new Uint8Array(BATCH_BYTES);
  let writing = new Uint8Array(BATCH_BYTES);
  let filled = 0;
  let position = 0;
  let underWay: Promise<void> = Promise.resolve();

  const startWriting = async (): Promise<void> => {
    await underWay;
    [filling, writing] = [writing, filling];
    underWay = writeFully(handle, writing.subarray(0, filled), position);
    underWay.catch(() => {}); // awaited by the next call; until then it must not count as unhandled
    position += filled;
    filled = 0;
  };
  const flush = async (): Promise<void> => {
    if (filled > 0) await startWriting();
    await underWay;
  };
  return {
    flush,
    write: async (chunk) => {
      for (let taken = 0; taken < chunk.byteLength;) {
        const part = chunk.subarray(taken, taken + BATCH_BYTES - filled);
        filling.set(part, filled);
        filled += part.byteLength;
        taken += part.byteLength;
        if (filled === BATCH_BYTES) await startWriting();
      }
    },
    seek: async (to) => {
      if (to === position + filled) return;
      if (filled > 0) await startWriting();
      position = to;
    },
    [Symbol.asyncDispose]: async () => {
      await underWay.catch(() => {}); // whoever leaves the block early does it for an error of its own
    },
  };
}

/** Writes all bytes at a position. A write may be cut short, by a disk that is nearly full for one; the next one then says why. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength;) {
    const rest = bytes.byteLength - written;
    const { bytesWritten } = await handle.write(bytes, written, rest, position + written);
    written += bytesWritten;
  }
}
