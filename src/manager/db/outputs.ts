import type { Database } from "bun:sqlite";
import type { StoredFile } from "#domain/output.ts";

const COLUMNS = `id, job_id AS jobId, kind, name, frame, size, sha256, created_at_ms AS createdAtMs`;

/** An output by its name; null if it is not filed. */
export function getOutputByName(db: Database, jobId: number, name: string): StoredFile | null {
  return db
    .query<StoredFile, [number, string]>(
      `SELECT ${COLUMNS} FROM files WHERE job_id = ? AND name = ? AND kind <> 'upload'`,
    )
    .get(jobId, name);
}

/** Outputs of a job in the order they were filed, after the id `after`. */
export function listOutputs(db: Database, jobId: number, after: number, limit: number): StoredFile[] {
  return db
    .query<StoredFile, [number, number, number]>(
      `SELECT ${COLUMNS} FROM files WHERE job_id = ? AND kind <> 'upload' AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(jobId, after, limit);
}

/** All outputs of a job in the order of their names, for the archive. */
export function listOutputsByName(db: Database, jobId: number): StoredFile[] {
  return db
    .query<StoredFile, [number]>(
      `SELECT ${COLUMNS} FROM files WHERE job_id = ? AND kind <> 'upload' ORDER BY frame, name`,
    )
    .all(jobId);
}

/** A page of the outputs of a job in the order of their frames and names. */
export function listOutputsInOrder(db: Database, jobId: number, page: { offset: number; limit: number }): StoredFile[] {
  return db
    .query<StoredFile, [number, number, number]>(
      `SELECT ${COLUMNS} FROM files WHERE job_id = ? AND kind <> 'upload' ORDER BY frame, name LIMIT ? OFFSET ?`,
    )
    .all(jobId, page.limit, page.offset);
}

/** How many outputs a job has. */
export function countOutputs(db: Database, jobId: number): number {
  const row = db
    .query<{ count: number }, [number]>("SELECT COUNT(*) AS count FROM files WHERE job_id = ? AND kind <> 'upload'")
    .get(jobId);
  return row?.count ?? 0;
}

export type NewFrame = {
  jobId: number;
  name: string;
  frame: number;
  parts: number;
  size: number;
  sha256: string;
  createdAtMs: number;
};

/** Files a frame's picture; returns its id, or null where one of that name is filed already. */
export function insertFrame(db: Database, frame: NewFrame): number | null {
  const row = db
    .query<{ id: number }, [number, string, number, number, number, string, number]>(
      `INSERT INTO files (job_id, kind, name, frame, parts, size, sha256, created_at_ms) VALUES (?, 'frame', ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, name) WHERE kind <> 'upload' DO NOTHING RETURNING id`,
    )
    .get(frame.jobId, frame.name, frame.frame, frame.parts, frame.size, frame.sha256, frame.createdAtMs);
  return row?.id ?? null;
}

export type NewVideo = Omit<NewFrame, "frame"> & { kind: "video" | "sound" };

/** Files a video or its sound; returns its id, or null where one of that name is filed already. */
export function insertVideo(db: Database, video: NewVideo): number | null {
  const row = db
    .query<{ id: number }, [number, string, string, number, number, string, number]>(
      `INSERT INTO files (job_id, kind, name, parts, size, sha256, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, name) WHERE kind <> 'upload' DO NOTHING RETURNING id`,
    )
    .get(video.jobId, video.kind, video.name, video.parts, video.size, video.sha256, video.createdAtMs);
  return row?.id ?? null;
}

/** Whether all files that make up a video are filed, whose names begin with the video's own. */
export function isVideoWhole(
  db: Database,
  jobId: number,
  names: readonly [string, ...(string | undefined)[]],
): boolean {
  const row = db
    .query<{ filed: number; parts: number | null }, [number, string, string]>(
      `SELECT COUNT(*) AS filed, MAX(parts) FILTER (WHERE name = ?2) AS parts FROM files
       WHERE job_id = ?1 AND kind <> 'upload' AND name IN (SELECT value FROM json_each(?3))`,
    )
    .get(jobId, names[0], JSON.stringify(names.filter((name) => name !== undefined)));
  return row !== null && row.parts !== null && row.filed >= row.parts;
}

/** Whether all files that make up a frame are filed. */
export function isFrameWhole(db: Database, jobId: number, frame: number): boolean {
  const row = db
    .query<{ filed: number; parts: number | null }, [number, number]>(
      "SELECT COUNT(*) AS filed, MAX(parts) AS parts FROM files WHERE job_id = ? AND frame = ?",
    )
    .get(jobId, frame);
  return row !== null && row.parts !== null && row.filed >= row.parts;
}

/** The frames from `first` to `last` of which all files are filed, in rising order. */
export function listWholeFrames(db: Database, jobId: number, first: number, last: number): number[] {
  return db
    .query<{ frame: number }, [number, number, number]>(
      `SELECT frame FROM files WHERE job_id = ? AND frame BETWEEN ? AND ?
       GROUP BY frame HAVING COUNT(*) >= MAX(parts) ORDER BY frame`,
    )
    .all(jobId, first, last)
    .map((row) => row.frame);
}

/**
 * The latest picture of a frame that was filed before `beforeMs`; where there is none so old, the first of all. Null before the first.
 * So that what shows it changes only as often as `beforeMs` does.
 */
export function latestPicture(db: Database, jobId: number, beforeMs: number): StoredFile | null {
  const picture = `job_id = ? AND kind = 'frame' AND name NOT GLOB 'frame_*.*.exr'`;
  const settled = db
    .query<StoredFile, [number, number]>(
      `SELECT ${COLUMNS} FROM files INDEXED BY files_by_job WHERE ${picture} AND created_at_ms < ? ORDER BY id DESC LIMIT 1`,
    )
    .get(jobId, beforeMs);
  if (settled) return settled;
  return db
    .query<StoredFile, [number]>(
      `SELECT ${COLUMNS} FROM files INDEXED BY files_by_job WHERE ${picture} ORDER BY id LIMIT 1`,
    )
    .get(jobId);
}
