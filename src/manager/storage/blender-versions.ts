import { mkdir, readdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { takeLock } from "#system/lock-file.ts";
import { renameDurably } from "./durable.ts";
import type { Layout } from "./layout.ts";

const VERSION = /^\d{1,2}\.\d{1,2}\.\d{1,3}$/;
const UNFINISHED = /^\.(adding|removed)-/;

/** The folder of an unpacked Blender; its executable is `blender` in it. */
export function blenderFolder(layout: Layout, version: string): string {
  if (!VERSION.test(version)) throw new TypeError(`not a version: ${JSON.stringify(version)}`);
  return join(layout.blenderVersions, version);
}

/** The packed Blender, as runners fetch it. */
export function blenderArchive(layout: Layout, version: string): string {
  return `${blenderFolder(layout, version)}.tar.xz`;
}

/** A folder to make a Blender ready in; it goes at the end of the block, or with the next one when this process is killed. */
export type Staging = AsyncDisposable & { readonly path: string };

/** Makes such a folder, beside what is in use so that renames are enough, and removes those that killed processes have left. */
export async function openStaging(layout: Layout): Promise<Staging> {
  await sweepBlenders(layout);
  const path = join(layout.blenderVersions, `.adding-${crypto.randomUUID()}`);
  await mkdir(path);
  const unlock = takeLock(join(path, "lock"));
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      unlock?.();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Removes what additions and removals that were killed have left; those under way hold a lock. */
export async function sweepBlenders(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.blenderVersions)) {
    if (!UNFINISHED.test(name)) continue;
    const path = join(layout.blenderVersions, name);
    const unlock = takeLock(join(path, "lock"));
    if (unlock === null) continue;
    unlock();
    await rm(path, { recursive: true, force: true });
  }
}

/** Gives a Blender that is ready, and synced, its place: the unpacked one, and the packed one beside it. What lay there belonged to nobody. */
export async function placeBlender(
  layout: Layout,
  version: string,
  ready: { folder: string; archive: string },
): Promise<void> {
  await removeBlenderFiles(layout, version);
  await rename(ready.folder, blenderFolder(layout, version));
  await renameDurably(ready.archive, blenderArchive(layout, version));
}

/** Takes a Blender's files away, at once for whoever looks. A download of it that goes on keeps what it has open. */
export async function removeBlenderFiles(layout: Layout, version: string): Promise<void> {
  const away = join(layout.blenderVersions, `.removed-${crypto.randomUUID()}`);
  await rm(blenderArchive(layout, version), { force: true });
  const moved = await rename(blenderFolder(layout, version), away).then(
    () => true,
    () => false,
  );
  if (moved) await rm(away, { recursive: true, force: true });
}

/** Bytes that are free on the disk of the storage. */
export async function freeBytes(layout: Layout): Promise<number> {
  const { bavail, bsize } = await statfs(layout.blenderVersions);
  return bavail * bsize;
}
