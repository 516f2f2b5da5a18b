import type { ByteSource } from "./exr/byte-source.ts";

const WINDOW_BYTES = 256 * 1024;

/**
 * Serves many small reads, one after the other, from a few large ones: it keeps the bytes that were read last. What is larger than the
 * window is read directly.
 */
export function windowed(source: ByteSource): ByteSource {
  let start = 0;
  let bytes = new Uint8Array(0);
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (length > WINDOW_BYTES) return source.read(offset, length);
    const wanted = Math.max(0, Math.min(length, source.size - offset));
    if (offset < start || offset + wanted > start + bytes.byteLength) {
      bytes = new Uint8Array(await source.read(offset, WINDOW_BYTES));
      start = offset;
    }
    return bytes.subarray(offset - start, offset - start + wanted);
  };
  return { size: source.size, read };
}
