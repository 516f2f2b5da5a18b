import { constants, copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import type { StoredBlender } from "#domain/stored-blender.ts";
import { getStoredBlender, insertStoredBlender } from "#manager/db/blender-versions.ts";
import { openStaging, placeBlender } from "#manager/storage/blender-versions.ts";
import { storageError } from "#manager/storage/storage-error.ts";
import { BadBlenderArchive } from "#programs/blender/pack/entry.ts";
import { isXz, packFolder, unpackedSizeOf } from "#programs/blender/pack/pack.ts";
import { abilitiesOf, findRoot, tryBlender } from "#programs/blender/try.ts";
import { hashFile } from "#programs/own/hash.ts";
import { NoRoom, unpackBlenderApart } from "#programs/own/unpack-blender.ts";
import { syncFiles } from "#programs/own/sync.ts";
import type { AddingWatch, BlenderSource } from "./blender-source.ts";
import { mustHaveRoom, type BlenderOffice } from "./blender-office.ts";
import { fetchRelease, findRelease, UNPACKED_RATIO } from "./fetching-blender.ts";

/**
 * Adds a Blender to those that the farm keeps: fetched or copied, unpacked aside, started once in the sandbox, and only then given its
 * place. All or nothing: after an error nothing is left but a download that goes on where it was. Throws `bad_archive`, `not_a_blender`,
 * `conflict` for a version that is there, `disk_full`, and for a release as `findRelease` and `fetchRelease`.
 */
export async function addBlender(
  office: BlenderOffice,
  source: BlenderSource,
  watch: AddingWatch,
): Promise<StoredBlender> {
  try {
    await using staging = await openStaging(office.storage);
    const archive = join(staging.path, "archive");
    const expected = await obtain(office, source, archive, watch);
    const { folder, unpackedBytes } = await unpack(archive, staging.path, watch);
    watch.onProgress({ step: "trying", done: 0, total: null });
    const host = { sandbox: office.sandbox, homeFolder: join(staging.path, "home") };
    const executable = join(folder, "blender");
    const tried = await tryBlender(executable, host);
    if (tried.version === null)
      throw new AppError("not_a_blender", `This Blender does not start here: ${tried.why.slice(0, 300)}`);
    const { version } = tried;
    if (expected !== null && expected !== version)
      throw new AppError("not_a_blender", `This was to be Blender ${expected} and says that it is ${version}.`);
    mustBeNew(office, version);
    const abilities = await abilitiesOf(executable, host);
    const packed = await asTarXz(archive, folder, version, watch);
    const [{ sha256 }, { size }] = [await hashFile(packed, { signal: watch.signal }), await stat(packed)];
    watch.signal.throwIfAborted();
    await syncFiles(staging.path);
    await placeBlender(office.storage, version, { folder, archive: packed });
    const blender = { version, size, sha256, unpackedBytes, abilities, addedAtMs: office.clock.nowMs() };
    if (!(await office.write(() => insertStoredBlender(office.db, blender)))) throw isThere(version);
    return blender;
  } catch (error) {
    throw told(error);
  }
}

/** Puts the packed Blender where it is unpacked from. Returns the version that it must be, where that is known. */
async function obtain(
  office: BlenderOffice,
  source: BlenderSource,
  archive: string,
  { signal, onProgress }: AddingWatch,
): Promise<string | null> {
  switch (source.kind) {
    case "release": {
      onProgress({ step: "finding", done: 0, total: null });
      const release = await findRelease(office, source.version, signal);
      mustBeNew(office, release.version);
      const progress = (done: number, total: number | null) => onProgress({ step: "downloading", done, total });
      const fetched = await fetchRelease(office, release, { signal, onProgress: progress });
      await mustHaveRoom(office, await unpackedNeed(fetched)); // before it is moved: a download that is refused stays
      await rename(fetched, archive);
      return release.version;
    }
    case "archive": {
      const found = await stat(source.path).catch(() => null);
      if (!found?.isFile()) throw new AppError("not_found", `There is no file ${source.path}.`);
      await mustHaveRoom(office, (await unpackedNeed(source.path)) + (source.ours ? 0 : found.size));
      if (source.ours) await rename(source.path, archive);
      else await copyFile(source.path, archive, constants.COPYFILE_FICLONE);
      return null;
    }
    case "folder": {
      const root = await findRoot(source.path).catch(() => null);
      if (root === null) throw notABlender(`The folder ${source.path}`);
      onProgress({ step: "packing", done: 0, total: null });
      await mustHaveRoom(office, 2e9);
      await packFolder(root, basename(root), archive, signal);
      await mustHaveRoom(office, await unpackedNeed(archive));
      return null;
    }
    default:
      return source satisfies never;
  }
}

/** Bytes that unpacking takes: as the archive says, or by what Blenders are like. */
async function unpackedNeed(archive: string): Promise<number> {
  return (await unpackedSizeOf(archive)) ?? Bun.file(archive).size * UNPACKED_RATIO;
}

async function unpack(
  archive: string,
  staging: string,
  { signal, onProgress }: AddingWatch,
): Promise<{ folder: string; unpackedBytes: number }> {
  const tree = join(staging, "tree");
  const { size } = await stat(archive);
  await mkdir(tree);
  const progress = (done: number) => onProgress({ step: "unpacking", done, total: size });
  progress(0);
  const unpackedBytes = await unpackBlenderApart(archive, tree, { signal, onProgress: progress });
  const folder = await findRoot(tree);
  if (folder === null) throw notABlender("The archive");
  return { folder, unpackedBytes };
}

/** Runners fetch a .tar.xz, so whatever else came is packed anew. */
async function asTarXz(archive: string, folder: string, version: string, watch: AddingWatch): Promise<string> {
  if (await isXz(archive)) return archive;
  watch.onProgress({ step: "packing", done: 0, total: null });
  const packed = `${archive}.tar.xz`;
  await packFolder(folder, `blender-${version}-linux-x64`, packed, watch.signal);
  await rm(archive);
  return packed;
}

/** Throws `conflict` when the farm has this version. */
function mustBeNew(office: BlenderOffice, version: string): void {
  if (getStoredBlender(office.db, version)) throw isThere(version);
}

function isThere(version: string): AppError {
  return new AppError("conflict", `The farm has Blender ${version} already; to replace it, remove it first.`);
}

function notABlender(what: string): AppError {
  return new AppError(
    "not_a_blender",
    `${what} holds no Blender for Linux: the program "blender" would be at its top or in its only folder.`,
  );
}

/** What may be told to people; the rest are bugs. */
function told(error: unknown): unknown {
  if (error instanceof BadBlenderArchive) return new AppError("bad_archive", error.message, { cause: error });
  if (error instanceof NoRoom)
    return new AppError("disk_full", "The storage has no room for the unpacked Blender; nothing of it was kept.");
  return storageError(error);
}
