import { open } from "node:fs/promises";
import { checkExr } from "#formats/exr/check.ts";
import { ExrError } from "#formats/exr/error.ts";

/**
 * Reads a finished file as the manager will: an EXR must have every chunk of its pixels. What File Output nodes wrote in other formats is
 * taken as it is. Returns what is wrong, as a sentence; null when nothing is.
 */
export async function checkFrameFile(path: string): Promise<string | null> {
  if (!path.endsWith(".exr")) return null;
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    await checkExr({ size, read });
    return null;
  } catch (error) {
    if (error instanceof ExrError) return error.message;
    throw error;
  } finally {
    await file.close();
  }
}
