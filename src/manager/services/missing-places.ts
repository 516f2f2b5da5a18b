import type { SceneMetadata } from "#domain/scene.ts";
import { placeInProject } from "#formats/blend/missing-files.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";

/** The paths of the project at which files are missing that a scene needs. */
export function missingPlaces(metadata: SceneMetadata): string[] {
  const missing = metadata.files.filter((file) => file.missing && !file.packed && file.nearMatch === null);
  return [...new Set(missing.map((file) => placeInProject(file.path, metadata.mainFile)))];
}

/** The same of what is known of a job's scene by now. */
export function missingPlacesOf(farm: Farm, jobId: number): string[] {
  const metadata = getJobMetadata(farm.db, jobId);
  return metadata ? missingPlaces(metadata) : [];
}
