import type { Database } from "bun:sqlite";
import type { ResumableUpload } from "#domain/resumable-upload.ts";

const COLUMNS = `id, user_id AS userId, job_id AS jobId, name, size, metadata, created_at_ms AS createdAtMs,
  touched_at_ms AS touchedAtMs`;

export type NewResumableUpload = Omit<ResumableUpload, "id" | "touchedAtMs">;

/** Adds an upload of which nothing has arrived; returns its id. */
export function insertResumableUpload(db: Database, upload: NewResumableUpload): number {
  const { userId, jobId, name, size, metadata, createdAtMs } = upload;
  const row = db
    .query<{ id: number }, [number, number | null, string, number, string, number, number]>(
      `INSERT INTO resumable_uploads (user_id, job_id, name, size, metadata, created_at_ms, touched_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    )
    .get(userId, jobId, name, size, metadata, createdAtMs, createdAtMs);
  return row!.id;
}

/** An upload by its id. */
export function getResumableUpload(db: Database, id: number): ResumableUpload | null {
  return db.query<ResumableUpload, [number]>(`SELECT ${COLUMNS} FROM resumable_uploads WHERE id = ?`).get(id);
}

/** A user's uploads, oldest first, after the id `after`. */
export function listResumableUploads(db: Database, userId: number, after: number, limit: number): ResumableUpload[] {
  return db
    .query<ResumableUpload, [number, number, number]>(
      `SELECT ${COLUMNS} FROM resumable_uploads WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(userId, after, limit);
}

/** The uploads that are on their way to a job, oldest first. */
export function listUploadsTo(db: Database, jobId: number): ResumableUpload[] {
  return db
    .query<ResumableUpload, [number]>(`SELECT ${COLUMNS} FROM resumable_uploads WHERE job_id = ? ORDER BY id`)
    .all(jobId);
}

/** The uploads of which nothing has arrived since `beforeMs`. */
export function listUntouchedUploads(db: Database, beforeMs: number): ResumableUpload[] {
  return db
    .query<ResumableUpload, [number]>(`SELECT ${COLUMNS} FROM resumable_uploads WHERE touched_at_ms < ? ORDER BY id`)
    .all(beforeMs);
}

/** All uploads with their announced sizes. */
export function listUploadSizes(db: Database): { id: number; size: number }[] {
  return db.query<{ id: number; size: number }, []>("SELECT id, size FROM resumable_uploads ORDER BY id").all();
}

/** How many uploads a user has on the way. */
export function countResumableUploads(db: Database, userId: number): number {
  return db
    .query<{ count: number }, [number]>("SELECT COUNT(*) AS count FROM resumable_uploads WHERE user_id = ?")
    .get(userId)!.count;
}

/** Notes that something of an upload has arrived. */
export function touchResumableUpload(db: Database, id: number, nowMs: number): void {
  db.query("UPDATE resumable_uploads SET touched_at_ms = ? WHERE id = ?").run(nowMs, id);
}

/** Forgets an upload. */
export function deleteResumableUpload(db: Database, id: number): void {
  db.query("DELETE FROM resumable_uploads WHERE id = ?").run(id);
}
