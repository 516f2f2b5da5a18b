import { lstat, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { jobFolder, type Layout, outputFolder, uploadPath } from "./layout.ts";
import { errorCode } from "./storage-error.ts";

/** Space on the disk that holds the storage, in bytes. `free` is what this process may still write. */
export type DiskSpace = { free: number; total: number };

/** Deletes everything kept for a job: its context, its logs, its outputs with their previews, and the given uploads. */
export async function deleteJobFiles(layout: Layout, jobId: number, uploadIds: readonly number[]): Promise<void> {
  await rm(jobFolder(layout, jobId), { recursive: true, force: true });
  await rm(outputFolder(layout, jobId), { recursive: true, force: true });
  for (const uploadId of uploadIds) await deleteUpload(layout, uploadId);
}

/** Deletes the file of an upload; one that is gone already is no error. */
export async function deleteUpload(layout: Layout, fileId: number): Promise<void> {
  await rm(uploadPath(layout, fileId), { force: true });
}

/** The bytes of a job's context, logs and outputs together; its uploads are not among them. */
export async function jobBytes(layout: Layout, jobId: number): Promise<number> {
  return (await folderBytes(jobFolder(layout, jobId))) + (await folderBytes(outputFolder(layout, jobId)));
}

/** How much space is left for the storage. */
export async function diskSpace(layout: Layout): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(layout.root);
  return { free: bavail * bsize, total: blocks * bsize };
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing)) {
    if (!entry.isFile()) continue;
    const stats = await lstat(join(entry.parentPath, entry.name)).catch(() => null); // deleted meanwhile
    bytes += stats?.size ?? 0;
  }
  return bytes;
}

function noneIfMissing(error: unknown): [] {
  if (errorCode(error) === "ENOENT") return [];
  throw error;
}
