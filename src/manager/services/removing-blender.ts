import { AppError } from "#domain/app-error.ts";
import { deleteStoredBlender, getStoredBlender, listJobsRenderedWith } from "#manager/db/blender-versions.ts";
import { removeDownloads } from "#manager/storage/blender-downloads.ts";
import { removeBlenderFiles } from "#manager/storage/blender-versions.ts";
import type { BlenderOffice } from "./blender-office.ts";

/** Jobs that a refusal names. */
const NAMED_JOBS = 3;

/**
 * Takes a Blender away from the farm, and what has come of it in a download that was cut off. Throws `not_found`, and `conflict` while
 * jobs under way are rendered with it, unless `force`: what is being rendered is finished then, and the rest waits, or takes another
 * version.
 */
export async function removeBlender(office: BlenderOffice, version: string, force: boolean): Promise<void> {
  if (!getStoredBlender(office.db, version) && (await removeDownloads(office.storage, version))) return;
  await office.write(() => {
    if (!getStoredBlender(office.db, version)) throw new AppError("not_found", `The farm keeps no Blender ${version}.`);
    const jobs = listJobsRenderedWith(office.db, version);
    if (jobs.length > 0 && !force) throw inUse(version, jobs);
    deleteStoredBlender(office.db, version);
  });
  await removeBlenderFiles(office.storage, version);
  await removeDownloads(office.storage, version);
}

function inUse(version: string, jobs: readonly { id: number; name: string }[]): AppError {
  const named = jobs.slice(0, NAMED_JOBS).map(({ id, name }) => `${id} ("${name}")`);
  const rest = jobs.length - named.length;
  const list = `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return new AppError(
    "conflict",
    `Blender ${version} is in use by job ${list}. Force it, and what is not rendered by then waits or takes another version.`,
  );
}
