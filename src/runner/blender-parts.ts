import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** An archive of a Blender of which only a part has come; the next download of it goes on from there. */
export type BlenderPart = { path: string; bytes: number; writtenMs: number };

/** What nobody has gone on with for so long is not wanted any more. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Where an archive is received; `sha256` is that of the whole. */
export function partPath(downloads: string, sha256: string): string {
  return join(downloads, `${sha256.slice(0, 16)}.part`);
}

/** The parts of a folder, the longest untouched first. */
export async function listBlenderParts(downloads: string): Promise<BlenderPart[]> {
  const paths = (await readdir(downloads)).map((name) => join(downloads, name));
  const parts = await Promise.all(
    paths.map(async (path) => stat(path).then(({ size, mtimeMs }) => ({ path, bytes: size, writtenMs: mtimeMs }))),
  );
  return parts.sort((a, b) => a.writtenMs - b.writtenMs);
}

/** Removes parts that were left for a week. */
export async function sweepBlenderParts(downloads: string, nowMs: number): Promise<void> {
  for (const { path, writtenMs } of await listBlenderParts(downloads))
    if (writtenMs < nowMs - KEPT_MS) await rm(path, { force: true });
}
