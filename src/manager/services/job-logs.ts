import { isJobEnded, type Job } from "#domain/job.ts";
import type { Task } from "#domain/task.ts";
import { getAttempt, lastAttempt, lastFailedAttempt, type Attempt } from "#manager/db/attempts.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import { readTaskLog, skipInTaskLog } from "./task-logs.ts";

/** What is told of a log that one begins to read, and of one that went on for long while nobody looked. */
const BEGINNING_BYTES = 8 * 1024;
const BEHIND_BYTES = 64 * 1024;

/** Stands in place of the lines that are left out. */
const LEFT_OUT = "…\n";

/** How far somebody has read: in the log of an attempt, up to a byte. */
export type LogPlace = { taskId: number; attempt: number; after: number };

export type JobLogPiece = {
  /** Whose log the text begins; null where it goes on with what was read before. */
  begins: { task: Task; attempt: Attempt } | null;
  text: string;
  /** Where to go on; null as long as no runner has taken anything. */
  place: LogPlace | null;
  /** Whether more may come by itself; otherwise there is nothing until the job goes on. */
  goesOn: boolean;
};

/**
 * What is said while a job is rendered, as one log: that of the attempt that began last, from its last lines on; once that is read to its
 * end, the one that has begun last by then. At the end of the job: what was worked on last, or what failed last.
 */
export async function readJobLog(farm: Farm, job: Job, place: LogPlace | null): Promise<JobLogPiece> {
  const attempt = place && attemptAt(farm, job, place);
  const more = attempt && (await readOn(farm, attempt, place.after));
  if (more?.goesOn) return more;
  const next = attemptToFollow(farm, job);
  if (next && !(next.taskId === attempt?.taskId && next.attempt === attempt.attempt)) return beginLog(farm, next);
  return more ?? { begins: null, text: "", place: null, goesOn: false };
}

/** The last lines of the log of an attempt. */
export async function beginLog(farm: Farm, attempt: Attempt): Promise<JobLogPiece> {
  const piece = await readFrom(farm, attempt, 0, BEGINNING_BYTES);
  return {
    ...piece,
    begins: { task: getTask(farm.db, attempt.taskId)!, attempt },
    goesOn: attempt.outcome === "running",
  };
}

/** An attempt is only known to have said all once it is over and there is nothing more of it. */
async function readOn(farm: Farm, attempt: Attempt, after: number): Promise<JobLogPiece> {
  const piece = await readFrom(farm, attempt, after, BEHIND_BYTES);
  return { ...piece, begins: null, goesOn: attempt.outcome === "running" || piece.text !== "" };
}

async function readFrom(farm: Farm, { jobId, taskId, attempt }: Attempt, after: number, mostBytes: number) {
  const task = { id: taskId, jobId };
  const from = await skipInTaskLog(farm, task, attempt, { after, mostBytes });
  const { text, next } = await readTaskLog(farm, task, attempt, from);
  return { text: from > after ? LEFT_OUT + text : text, place: { taskId, attempt, after: next } };
}

function attemptAt(farm: Farm, job: Job, { taskId, attempt }: LogPlace): Attempt | null {
  const found = getAttempt(farm.db, taskId, attempt);
  return found?.jobId === job.id ? found : null;
}

function attemptToFollow(farm: Farm, job: Job): Attempt | null {
  const running = farm.leases
    .ofJob(job.id)
    .flatMap(({ taskId, attempt }) => getAttempt(farm.db, taskId, attempt) ?? []);
  const newest = running.sort((a, b) => a.startedAtMs - b.startedAtMs || a.taskId - b.taskId).at(-1);
  if (newest) return newest;
  return (isJobEnded(job.status) ? lastFailedAttempt(farm.db, job.id) : null) ?? lastAttempt(farm.db, job.id);
}
