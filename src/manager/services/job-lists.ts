import { JOB_STATUSES, type Job, type JobStatus } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { User } from "#domain/user.ts";
import type { Waiting } from "#domain/waiting.ts";
import { countJobs, searchJobs } from "#manager/db/job-search.ts";
import { latestPicture } from "#manager/db/outputs.ts";
import type { Farm } from "./farm.ts";
import { progressOf } from "./video-views.ts";
import { whyWaiting } from "./why-waiting.ts";

/** Jobs in one state, or all that are not ended. */
export const LISTED_STATES = ["active", ...JOB_STATUSES] as const;
export type ListedState = (typeof LISTED_STATES)[number];

const ACTIVE: readonly JobStatus[] = ["draft", "queued", "running", "paused"];

/** For so long a list shows the same picture of a job, so that frames that come quickly are not all made into pictures. */
const PICTURE_MS = 15_000;

/** A job with what a list tells of it. */
export type ListedJob = Job & { etaSeconds: number | null; picture: StoredFile | null; waiting: Waiting | null };

export type JobList = {
  jobs: ListedJob[];
  /** Counted from 1; one past the end is answered with the last. */
  page: number;
  pages: number;
  /** How many jobs the search finds in each state, whichever is shown. */
  counts: ReadonlyMap<ListedState | "all", number>;
};

/** A page of a user's jobs, an admin's of everybody's, newest first: those in a state whose name or file has the text in it. */
export function listJobsFor(
  farm: Farm,
  user: User,
  wanted: { state: ListedState | null; text: string; page: number; size: number },
): JobList {
  const search = { userId: user.admin ? null : user.id, text: wanted.text };
  const counts = totals(countJobs(farm.db, search));
  const pages = Math.max(1, Math.ceil((counts.get(wanted.state ?? "all") ?? 0) / wanted.size));
  const page = Math.min(Math.max(1, wanted.page), pages);
  const { state } = wanted;
  const statuses = state === null ? null : state === "active" ? ACTIVE : [state];
  const jobs = searchJobs(
    farm.db,
    { ...search, statuses },
    { offset: (page - 1) * wanted.size, limit: wanted.size },
  ).map((job) => listed(farm, job));
  return { jobs, page, pages, counts };
}

function listed(farm: Farm, job: Job): ListedJob {
  const since = Math.floor(farm.clock.nowMs() / PICTURE_MS) * PICTURE_MS;
  const picture = job.framesDone === 0 ? null : latestPicture(farm.db, job.id, since);
  return { ...job, etaSeconds: progressOf(farm, job).etaSeconds, picture, waiting: whyWaiting(farm, job) };
}

function totals(of: ReadonlyMap<JobStatus, number>): Map<ListedState | "all", number> {
  const sum = (statuses: readonly JobStatus[]) => statuses.reduce((total, one) => total + (of.get(one) ?? 0), 0);
  return new Map<ListedState | "all", number>([...of, ["all", sum(JOB_STATUSES)], ["active", sum(ACTIVE)]]);
}
