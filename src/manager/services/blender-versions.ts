import type { Database } from "bun:sqlite";
import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { newestFirst } from "#domain/blender-version.ts";
import type { User } from "#domain/user.ts";
import type { StoredBlender } from "#domain/stored-blender.ts";
import { getStoredBlender, listStoredBlenders } from "#manager/db/blender-versions.ts";
import { blenderArchive, blenderFolder } from "#manager/storage/blender-versions.ts";
import { listUnfinishedDownloads, type UnfinishedDownload } from "#manager/storage/blender-downloads.ts";
import { download } from "#manager/storage/download.ts";
import type { Layout } from "#manager/storage/layout.ts";
import type { FoundBlender } from "#programs/blender/find.ts";
import type { Farm, Office } from "./farm.ts";
import { downloadableVersions } from "./downloadable-versions.ts";

/** A version, and where there is one. */
export type VersionSources = {
  version: string;
  /** Kept by the farm, and fetched by runners that lack it. */
  stored: StoredBlender | null;
  /** Installed on the manager itself, which reads scenes with it. */
  onManager: boolean;
  /** How many of the runners that are there have it. */
  runners: number;
  /** Their names. */
  runnerNames: string[];
  /** Whether the release site has it, as far as the farm has looked, and the farm may fetch it. */
  downloadable: boolean;
};

/** Every version that is anywhere, the newest first; of runners, only those that a user may see are named. */
export function blenderVersions(farm: Farm, user: User): VersionSources[] {
  const byVersion = new Map<string, VersionSources>();
  const of = (version: string): VersionSources => {
    const none = { version, stored: null, onManager: false, runners: 0, runnerNames: [], downloadable: false };
    const known = byVersion.get(version) ?? none;
    byVersion.set(version, known);
    return known;
  };
  for (const stored of listStoredBlenders(farm.db)) of(stored.version).stored = stored;
  for (const version of farm.tools.installed) of(version).onManager = true;
  for (const version of downloadableVersions(farm)) of(version).downloadable = true;
  for (const { status, capabilities, name, ownerId } of farm.runners.all()) {
    if (status === "offline" || status === "disabled") continue;
    for (const version of new Set(capabilities.blenders.map((blender) => blender.version))) {
      const known = of(version);
      known.runners += 1;
      if (user.admin || ownerId === user.id) known.runnerNames.push(name);
    }
  }
  return [...byVersion.values()].sort((a, b) => newestFirst(a.version, b.version));
}

/** The Blenders that the farm keeps, the newest first. */
export function storedBlendersOf(office: Office): StoredBlender[] {
  return listStoredBlenders(office.db).sort((a, b) => newestFirst(a.version, b.version));
}

/** Downloads of Blenders that were stopped or cut off, the newest version first; adding one again goes on with it. */
export async function unfinishedDownloads({ storage }: { storage: Layout }): Promise<UnfinishedDownload[]> {
  return (await listUnfinishedDownloads(storage)).sort((a, b) => newestFirst(a.version, b.version));
}

/** The same as programs, for the manager's own use. */
export function storedBlenders(db: Database, storage: Layout): FoundBlender[] {
  return listStoredBlenders(db).map(({ version }) => ({
    version,
    path: join(blenderFolder(storage, version), "blender"),
  }));
}

/** Answers with the packed Blender of a version, and its SHA-256; throws `not_found`. */
export async function packedBlender(
  farm: Farm,
  version: string,
  request: Request,
): Promise<{ response: Response; sha256: string }> {
  const blender = getStoredBlender(farm.db, version);
  if (!blender) throw new AppError("not_found", `The farm keeps no Blender ${version}.`);
  const path = blenderArchive(farm.storage, version);
  const file = {
    path,
    name: `blender-${version}-linux-x64.tar.xz`,
    sha256: blender.sha256,
    mtimeMs: blender.addedAtMs,
  };
  return { response: await download(request, file), sha256: blender.sha256 };
}
