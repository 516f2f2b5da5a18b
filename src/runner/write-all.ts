import type { FileHandle } from "node:fs/promises";

/** Writes bytes to where a file is at; a full disk takes a part of them, and then throws. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
