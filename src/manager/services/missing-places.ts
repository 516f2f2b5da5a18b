import type { NeededFile, SceneMetadata } from "#domain/scene.ts";
import { placeInProject } from "#formats/blend/missing-files.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";

/** A file that a scene needs and its project lacks, and the path of the project at which it is missing. */
export type MissingPlace = NeededFile & { place: string };

/** What a project lacks, each place once. */
export function missingFilesOf(metadata: SceneMetadata): MissingPlace[] {
  const byPlace = new Map<string, MissingPlace>();
  for (const file of metadata.files) {
    if (!file.missing || file.packed || file.nearMatch !== null) continue;
    const place = placeInProject(file.path, metadata.mainFile);
    if (!byPlace.has(place)) byPlace.set(place, { ...file, place });
  }
  return [...byPlace.values()];
}

/** The paths at which files are missing, by what is known of a job's scene by now. */
export function missingPlacesOf(farm: Farm, jobId: number): string[] {
  const metadata = getJobMetadata(farm.db, jobId);
  return metadata ? missingFilesOf(metadata).map(({ place }) => place) : [];
}
