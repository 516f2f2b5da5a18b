import { AppError } from "#domain/app-error.ts";
import type { Task } from "#domain/task.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { getTask } from "#manager/db/tasks.ts";
import { appendAttemptLog, readAttemptLog, skipInAttemptLog } from "#manager/storage/attempt-log.ts";
import { download } from "#manager/storage/download.ts";
import { attemptLogPath } from "#manager/storage/layout.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";

/** The most that one reading answers. */
const MAX_READ_BYTES = 512 * 1024;

/** Appends a piece of an attempt's log; a piece that is there already is ignored. Returns the log's size in bytes. */
export async function writeTaskLog(
  farm: Farm,
  runner: LiveRunner,
  sent: { taskId: number; attempt: number; offset: number; piece: Uint8Array },
): Promise<number> {
  const task = getTask(farm.db, sent.taskId);
  const attempt = getAttempt(farm.db, sent.taskId, sent.attempt);
  if (!task || attempt?.runnerId !== runner.id)
    throw new AppError("not_found", `This runner never had attempt ${sent.attempt} of task ${sent.taskId}.`);
  const path = attemptLogPath(farm.storage, task.jobId, task.id, sent.attempt);
  const size = await appendAttemptLog(path, sent.offset, sent.piece);
  tellOf(farm, { type: "log", jobId: task.jobId, taskId: task.id, attempt: sent.attempt, size });
  return size;
}

/** A log from byte `after` on, as it grows; `next` is where to go on reading. An attempt that has said nothing yet has an empty log. */
export async function readTaskLog(
  farm: Farm,
  task: Pick<Task, "id" | "jobId">,
  attempt: number,
  after: number,
): Promise<{ text: string; next: number; attempt: number }> {
  const piece = await readAttemptLog(attemptLogPath(farm.storage, task.jobId, task.id, attempt), after, MAX_READ_BYTES);
  return { text: new TextDecoder().decode(piece.bytes), next: piece.next, attempt };
}

/** Where to read on from byte `after`, to be told no more than the last `mostBytes`. */
export function skipInTaskLog(
  farm: Farm,
  task: Pick<Task, "id" | "jobId">,
  attempt: number,
  { after, mostBytes }: { after: number; mostBytes: number },
): Promise<number> {
  return skipInAttemptLog(attemptLogPath(farm.storage, task.jobId, task.id, attempt), after, mostBytes);
}

/** Answers with the whole log of an attempt as a text file; throws `not_found` where it has said nothing. */
export function downloadTaskLog(farm: Farm, task: Task, attempt: number, request: Request): Promise<Response> {
  return download(request, {
    path: attemptLogPath(farm.storage, task.jobId, task.id, attempt),
    name: `job-${task.jobId}-task-${task.id}-attempt-${attempt}.log`,
    sha256: null,
    mtimeMs: null,
    disposition: "inline",
  });
}
