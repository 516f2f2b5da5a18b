import { open } from "node:fs/promises";

/** How much one read takes when a source is streamed. */
const STREAM_READ_BYTES = 256 * 1024;

/** A part of a file, in bytes. */
export type FilePart = { offset: number; size: number };

/**
 * Random access to the bytes of a file, or of a part of one. Close it, or declare it with `await using`: a file that is
 * forgotten open ends the process (Bun throws when the collector finds it).
 */
export type FileSource = AsyncDisposable & {
  readonly size: number;
  /** Reads `length` bytes at `offset`, fewer at the end of the source, none beyond it. */
  read: (offset: number, length: number) => Promise<Uint8Array>;
  /** All bytes, or those of a part, in order and in constant memory. Throws when the file ends before the part does. */
  stream: (part?: FilePart) => AsyncGenerator<Uint8Array>;
  close: () => Promise<void>;
};

/** Opens a file, or only the part that lies in it at `offset` and is `size` bytes long. Throws the system's error (`ENOENT` …). */
export async function openFileSource(path: string, part?: FilePart): Promise<FileSource> {
  const handle = await open(path, "r");
  let isOpen = true;
  const start = part?.offset ?? 0;
  const size = part?.size ?? (await handle.stat()).size;

  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(bytes, filled, wanted - filled, start + offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  };
  const stream = async function* (part: FilePart = { offset: 0, size }): AsyncGenerator<Uint8Array> {
    const end = part.offset + part.size;
    for (let offset = part.offset; offset < end;) {
      const chunk = await read(offset, Math.min(STREAM_READ_BYTES, end - offset));
      if (chunk.byteLength === 0) throw new Error(`the file ends ${end - offset} bytes too early`);
      offset += chunk.byteLength;
      yield chunk;
    }
  };
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return { size, read, stream, close, [Symbol.asyncDispose]: close };
}
