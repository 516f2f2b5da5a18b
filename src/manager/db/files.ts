import type { Database } from "bun:sqlite";
import type { StoredFile } from "#domain/output.ts";

const COLUMNS = `id, job_id AS jobId, kind, name, frame, size, sha256, created_at_ms AS createdAtMs`;

/** A file of a job by its id, of any kind; null if the job has none of that id. */
export function getFile(db: Database, jobId: number, id: number): StoredFile | null {
  return db
    .query<StoredFile, [number, number]>(`SELECT ${COLUMNS} FROM files WHERE job_id = ? AND id = ?`)
    .get(jobId, id);
}

/** What was uploaded to a job, oldest first, after the id `after`. */
export function listUploads(db: Database, jobId: number, after: number, limit: number): StoredFile[] {
  return db
    .query<StoredFile, [number, number, number]>(
      `SELECT ${COLUMNS} FROM files WHERE job_id = ? AND kind = 'upload' AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(jobId, after, limit);
}

export type NewUpload = { jobId: number; name: string; size: number; createdAtMs: number };

/** Adds an upload that is not hashed yet; returns its id. */
export function insertUpload(db: Database, upload: NewUpload): number {
  const row = db
    .query<{ id: number }, [number, string, number, number]>(
      "INSERT INTO files (job_id, kind, name, size, created_at_ms) VALUES (?, 'upload', ?, ?, ?) RETURNING id",
    )
    .get(upload.jobId, upload.name, upload.size, upload.createdAtMs);
  return row!.id;
}

/** Notes the SHA-256 of an upload. */
export function setFileSha256(db: Database, id: number, sha256: string): void {
  db.query("UPDATE files SET sha256 = ? WHERE id = ?").run(sha256, id);
}

/** Uploads whose hash is not known yet, oldest first. */
export function listUnhashedUploads(db: Database): StoredFile[] {
  return db
    .query<StoredFile, []>(`SELECT ${COLUMNS} FROM files WHERE kind = 'upload' AND sha256 IS NULL ORDER BY id`)
    .all();
}

/** Whether an upload of a job is still to be taken in. */
export function hasUnhashedUploads(db: Database, jobId: number): boolean {
  return (
    db.query("SELECT 1 FROM files WHERE job_id = ? AND kind = 'upload' AND sha256 IS NULL LIMIT 1").get(jobId) !== null
  );
}

/** Forgets an upload. */
export function deleteFile(db: Database, id: number): void {
  db.query("DELETE FROM files WHERE id = ?").run(id);
}

/** The ids of all uploads of a job. */
export function listUploadIds(db: Database, jobId: number): number[] {
  return db
    .query<{ id: number }, [number]>("SELECT id FROM files WHERE job_id = ? AND kind = 'upload'")
    .all(jobId)
    .map((row) => row.id);
}
