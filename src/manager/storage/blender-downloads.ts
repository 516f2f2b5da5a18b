import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { takeLock } from "#system/lock-file.ts";
import type { Layout } from "./layout.ts";

/** A download of a packed Blender that was stopped or cut off; the next one of that version goes on from there. */
export type UnfinishedDownload = { version: string; bytes: number; writtenMs: number };

/** The place of a download, for as long as it is under way; what it has written stays. */
export type DownloadPlace = AsyncDisposable & { readonly path: string };

const PART = /^(\d{1,2}\.\d{1,2}\.\d{1,3})-[0-9a-f]{16}\.part$/;

/** Takes the place of the archive of a version with this SHA-256; null while another process has it. */
export async function takeDownloadPlace(
  layout: Layout,
  version: string,
  sha256: string,
): Promise<DownloadPlace | null> {
  await mkdir(folderOf(layout), { recursive: true });
  const path = join(folderOf(layout), `${version}-${sha256.slice(0, 16)}.part`);
  const free = hold(path);
  return free && { path, [Symbol.asyncDispose]: free };
}

/** The downloads that lie there and are not under way. */
export async function listUnfinishedDownloads(layout: Layout): Promise<UnfinishedDownload[]> {
  const found: UnfinishedDownload[] = [];
  for (const { path, version } of await parts(layout)) {
    const stats = isUnderWay(path) ? null : await stat(path).catch(() => null);
    if (stats) found.push({ version, bytes: stats.size, writtenMs: stats.mtimeMs });
  }
  return found;
}

/** Removes what has come of a version, unless it is under way. Returns whether there was anything. */
export async function removeDownloads(layout: Layout, version: string): Promise<boolean> {
  const those = (await parts(layout)).filter((part) => part.version === version);
  const removed = await Promise.all(those.map(({ path }) => removeUnlessHeld(path)));
  return removed.includes(true);
}

/** Removes downloads that nothing was written to since `olderThanMs` (wall clock). */
export async function sweepDownloads(layout: Layout, olderThanMs: number): Promise<void> {
  for (const { path } of await parts(layout)) {
    const stats = await stat(path).catch(() => null);
    if (stats && stats.mtimeMs < olderThanMs) await removeUnlessHeld(path);
  }
}

function folderOf(layout: Layout): string {
  return join(layout.blenderVersions, ".downloads");
}

async function parts(layout: Layout): Promise<{ path: string; version: string }[]> {
  const names = await readdir(folderOf(layout)).catch(() => []);
  return names.flatMap((name) => {
    const version = PART.exec(name)?.[1];
    return version === undefined ? [] : [{ path: join(folderOf(layout), name), version }];
  });
}

async function removeUnlessHeld(path: string): Promise<boolean> {
  const free = hold(path);
  if (!free) return false;
  await rm(path, { force: true });
  await free();
  return true;
}

/** The lock's file goes before the lock does, so that nobody takes one that is about to be removed. */
function hold(path: string): (() => Promise<void>) | null {
  const unlock = takeLock(lockOf(path));
  if (!unlock) return null;
  return async () => {
    await rm(lockOf(path), { force: true });
    unlock();
  };
}

/** A process that was killed leaves the file of its lock, and no lock. */
function isUnderWay(path: string): boolean {
  if (!existsSync(lockOf(path))) return false;
  const unlock = takeLock(lockOf(path));
  unlock?.();
  return unlock === null;
}

function lockOf(path: string): string {
  return `${path}.lock`;
}
