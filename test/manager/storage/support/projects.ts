import { join } from "node:path";
import { listProject, type ProjectFile, readProject, type Upload } from "#manager/storage/archive.ts";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "#manager/storage/archive-guard.ts";
import { type TempLayout, textOf } from "./temp-layout.ts";

/** Puts bytes where a received upload would be. */
export async function uploadOf(store: TempLayout, bytes: Uint8Array, name = "project"): Promise<Upload> {
  const path = join(store.folder, crypto.randomUUID());
  await Bun.write(path, bytes);
  return { path, name };
}

/** Reads an upload to its end: the content of each file by its path. */
export async function readAll(upload: Upload, limits: Partial<ArchiveLimits> = {}): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const file of readProject(upload, { ...DEFAULT_ARCHIVE_LIMITS, ...limits })) {
    files[file.path] = await textOf(file.stream);
    if (Buffer.byteLength(files[file.path]!) !== file.size) throw new Error(`${file.path} has another size`);
  }
  return files;
}

/** Lists an upload without reading the contents. */
export function list(upload: Upload, limits: Partial<ArchiveLimits> = {}): Promise<ProjectFile[]> {
  return listProject(upload, { ...DEFAULT_ARCHIVE_LIMITS, ...limits });
}
