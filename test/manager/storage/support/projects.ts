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

/** Copies of `bytes` with a few of them changed at random, the same ones every time. */
export function* damagedCopies(bytes: Uint8Array, count: number): Generator<Uint8Array> {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let copy = 0; copy < count; copy++) {
    const damaged = Uint8Array.from(bytes);
    for (let i = 0; i <= random(4); i++) damaged[4 + random(bytes.byteLength - 4)] = random(256);
    yield damaged;
  }
}

/** What an upload fails with, if it does, when it is read to its end. */
export function readError(upload: Upload): Promise<unknown> {
  return drain(upload).then(
    () => null,
    (error: unknown) => error,
  );
}

async function drain(upload: Upload): Promise<void> {
  for await (const file of readProject(upload, DEFAULT_ARCHIVE_LIMITS)) for await (const _ of file.stream);
}
