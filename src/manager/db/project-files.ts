import type { Database } from "bun:sqlite";

/** One line of the manifest of `context.tar`; `offset` is where the content begins, in bytes. */
export type ProjectFile = { path: string; size: number; sha256: string; offset: number };

/** The manifest of a job's project, by path. */
export function listProjectFiles(db: Database, jobId: number): ProjectFile[] {
  return db
    .query<ProjectFile, [number]>("SELECT path, size, sha256, offset FROM project_files WHERE job_id = ? ORDER BY path")
    .all(jobId);
}

/** Replaces the whole manifest; part of the caller's transaction. */
export function replaceProjectFiles(db: Database, jobId: number, files: readonly ProjectFile[]): void {
  db.query("DELETE FROM project_files WHERE job_id = ?").run(jobId);
  const insert = db.query("INSERT INTO project_files (job_id, path, size, sha256, offset) VALUES (?, ?, ?, ?, ?)");
  for (const file of files) insert.run(jobId, file.path, file.size, file.sha256, file.offset);
}
