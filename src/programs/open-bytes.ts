import { open } from "node:fs/promises";
import type { ByteSource } from "#formats/exr/byte-source.ts";

/** Opens a file for readers of formats/, and closes it when `use` is done with it. Throws the system's error (`ENOENT` …). */
export async function withBytes<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await file.read(bytes, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    };
    return await use({ size, read });
  } finally {
    await file.close();
  }
}
