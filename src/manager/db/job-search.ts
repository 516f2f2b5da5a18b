import type { Database } from "bun:sqlite";
import type { Job, JobStatus } from "#domain/job.ts";
import { getJob } from "./jobs.ts";

/** Which jobs: of one user or (null) of all, in any of these states or (null) in whatever, whose name or file has the text in it. */
export type JobSearch = { userId: number | null; statuses: readonly JobStatus[] | null; text: string };

/** A page of the jobs that a search finds, newest first. */
export function searchJobs(db: Database, search: JobSearch, page: { offset: number; limit: number }): Job[] {
  const { where, values } = conditions(search);
  return db
    .query<{ id: number }, Record<string, string | number>>(
      `SELECT id FROM jobs WHERE ${where} ORDER BY id DESC LIMIT $limit OFFSET $offset`,
    )
    .all({ ...values, ...page })
    .flatMap(({ id }) => getJob(db, id) ?? []);
}

/** How many jobs a search finds in each state. */
export function countJobs(db: Database, search: Omit<JobSearch, "statuses">): Map<JobStatus, number> {
  const { where, values } = conditions({ ...search, statuses: null });
  const rows = db
    .query<{ status: JobStatus; count: number }, Record<string, string | number>>(
      `SELECT status, COUNT(*) AS count FROM jobs WHERE ${where} GROUP BY status`,
    )
    .all(values);
  return new Map(rows.map(({ status, count }) => [status, count]));
}

function conditions({ userId, statuses, text }: JobSearch) {
  const tests = ["TRUE"];
  const values: Record<string, string | number> = {};
  if (userId !== null) {
    tests.push("user_id = $userId");
    values["userId"] = userId;
  }
  if (statuses !== null) {
    tests.push("status IN (SELECT value FROM json_each($statuses))");
    values["statuses"] = JSON.stringify(statuses);
  }
  if (text !== "") {
    tests.push(String.raw`(name LIKE $text ESCAPE '\' OR file_name LIKE $text ESCAPE '\')`);
    values["text"] = `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  }
  return { where: tests.join(" AND "), values };
}
