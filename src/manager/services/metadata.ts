import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { SceneMetadata } from "#domain/scene.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";

export type Reading = { state: "none" } | { state: "reading" } | { state: "read"; metadata: SceneMetadata };

/** What is known of a job's scene by now. Throws `damaged_scene` with the reason where it could not be read. */
export function metadataOf(farm: Farm, job: Job): Reading {
  const metadata = getJobMetadata(farm.db, job.id);
  if (metadata) return { state: "read", metadata };
  if (job.fileName === null) return { state: "none" };
  if (job.message !== null) throw new AppError("damaged_scene", job.message);
  return { state: "reading" };
}
