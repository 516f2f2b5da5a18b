import type { Database } from "bun:sqlite";
import type { Warning } from "#domain/warning.ts";

/** The most warnings that one job keeps; more say nothing new. */
const MAX_WARNINGS = 500;

/** A job's warnings, by kind. */
export function listWarnings(db: Database, jobId: number): Warning[] {
  return db
    .query<Warning, [number]>("SELECT code, message FROM job_warnings WHERE job_id = ? ORDER BY code, message")
    .all(jobId);
}

/** Adds warnings that the job does not have yet. */
export function addWarnings(db: Database, jobId: number, warnings: readonly Warning[]): void {
  const insert = db.query(
    `INSERT INTO job_warnings (job_id, code, message)
     SELECT ?1, ?2, ?3 WHERE (SELECT COUNT(*) FROM job_warnings WHERE job_id = ?1) < ${MAX_WARNINGS}
     ON CONFLICT DO NOTHING`,
  );
  for (const warning of warnings) insert.run(jobId, warning.code, warning.message);
}

/** Takes back all warnings, because the scene is read anew. */
export function clearWarnings(db: Database, jobId: number): void {
  db.query("DELETE FROM job_warnings WHERE job_id = ?").run(jobId);
}
