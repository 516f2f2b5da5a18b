import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { renameDurably } from "./durable.ts";
import type { Layout } from "./layout.ts";
import { storageError } from "./storage-error.ts";

/**
 * A file that is being written. It gets its final name only when it is whole, or it goes:
 *
 *     await using temp = await createTempFile(layout);
 *     … write to temp.handle …
 *     await temp.commitTo(path);      without this line, nothing is left at the end of the block
 */
export type TempFile = AsyncDisposable & {
  readonly path: string;
  readonly handle: FileHandle;
  /** Syncs the file, renames it (replacing what has that name) and syncs the folder. On failure nothing is left. Throws `disk_full`. */
  commitTo: (path: string) => Promise<void>;
  /** Removes the file; does nothing after `commitTo` or a second time. */
  discard: () => Promise<void>;
};

/** Makes a new, empty file in `temp/`. Throws `disk_full`. */
export async function createTempFile(layout: Layout): Promise<TempFile> {
  const path = join(layout.temp, crypto.randomUUID());
  const handle = await open(path, "wx+").catch((error: unknown) => Promise.reject(storageError(error)));
  let isOver = false;
  const discard = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await handle.close();
    await rm(path, { force: true });
  };
  const commitTo = async (finalPath: string): Promise<void> => {
    try {
      await handle.sync();
      await renameDurably(path, finalPath);
    } catch (error) {
      await discard();
      throw storageError(error);
    }
    isOver = true;
    await handle.close();
  };
  return { path, handle, commitTo, discard, [Symbol.asyncDispose]: discard };
}
