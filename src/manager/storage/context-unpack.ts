import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readProject } from "./archive.ts";
import type { ArchiveLimits } from "./archive-guard.ts";
import { writeFully } from "./batch-writer.ts";
import { storageError } from "./storage-error.ts";

/**
 * Unpacks a `context.tar` into a folder that it makes, by the same rules as an upload: nothing can land outside of it.
 * On failure the folder is removed. Throws `bad_archive` and `disk_full`, and `EEXIST` when the folder is there already.
 */
export async function unpackContext(tarPath: string, folder: string, limits: ArchiveLimits): Promise<void> {
  await mkdir(folder);
  try {
    for await (const { path, stream } of readProject({ path: tarPath, name: "context.tar" }, limits)) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeNewFile(target, stream);
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw storageError(error);
  }
}

async function writeNewFile(path: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx");
  try {
    let position = 0;
    for await (const chunk of stream) {
      await writeFully(file, chunk, position);
      position += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
}
