import type { Database } from "bun:sqlite";
import type { Job, JobStatus } from "#domain/job.ts";
import { getJob } from "./jobs.ts";

export type JobFilter = { status: JobStatus | null; userId: number | null; before: number; limit: number };

/** Jobs of one state, of one user or of both, newest first, with ids below `before`. */
export function listJobsWhere(db: Database, filter: JobFilter): Job[] {
  const { status, userId, before, limit } = filter;
  const tests = [
    "id < $before",
    ...(status === null ? [] : ["status = $status"]),
    ...(userId === null ? [] : ["user_id = $userId"]),
  ];
  const values = { before, limit, ...(status !== null && { status }), ...(userId !== null && { userId }) };
  return db
    .query<{ id: number }, Record<string, string | number>>(
      `SELECT id FROM jobs WHERE ${tests.join(" AND ")} ORDER BY id DESC LIMIT $limit`,
    )
    .all(values)
    .flatMap(({ id }) => getJob(db, id) ?? []);
}

/** How many jobs a user has. */
export function countJobsOf(db: Database, userId: number): number {
  return db.query<{ count: number }, [number]>("SELECT COUNT(*) AS count FROM jobs WHERE user_id = ?").get(userId)!
    .count;
}
