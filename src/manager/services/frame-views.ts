import { AppError } from "#domain/app-error.ts";
import type { FrameMap, FrameState } from "#domain/frame-state.ts";
import { parseFrames } from "#domain/frames.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import { isMainPicture, type StoredFile } from "#domain/output.ts";
import type { Task } from "#domain/task.ts";
import { listAttempts, type Attempt } from "#manager/db/attempts.ts";
import { findTaskOfFrame, listFailedFrames, listFilesOfFrame } from "#manager/db/frames.ts";
import { listWholeFrames } from "#manager/db/outputs.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";

/** What each frame of a job is; null before the job is planned. */
export function framesOf(farm: Farm, job: Job): FrameMap | null {
  if (job.framesTotal === 0 || job.frames === null) return null;
  const frames = parseFrames(job.frames);
  const known = statesOf(farm, job, frames);
  const rest = isJobEnded(job.status) ? "ended" : "waiting";
  return { frames, states: frames.map((frame) => known.get(frame) ?? rest) };
}

export type FrameView = {
  frame: number;
  state: FrameState;
  /** The frame's own picture first, then what else belongs to it. */
  files: StoredFile[];
  task: Task | null;
  /** The attempt that made the frame, or is at it, or came last. */
  attempt: Attempt | null;
  /** How long the frame itself took, in seconds; null while that is not known. */
  seconds: number | null;
  /** The neighbours in the job; null at its ends. */
  before: number | null;
  after: number | null;
};

/** One frame of a job with all that is known of it; throws `not_found` when the job has no such frame. */
export function frameOf(farm: Farm, job: Job, frame: number): FrameView {
  const map = framesOf(farm, job);
  const place = map?.frames.indexOf(frame) ?? -1;
  const state = map?.states[place];
  if (!map || !state) throw new AppError("not_found", `Job ${job.id} has no frame ${frame}.`);
  const files = listFilesOfFrame(farm.db, job.id, frame);
  const taskId = findTaskOfFrame(farm.db, job.id, frame);
  const task = taskId === null ? null : getTask(farm.db, taskId);
  const attempt = task && attemptAt(farm, task, files[0] ?? null);
  return {
    frame,
    state,
    files,
    task,
    attempt,
    seconds: task && attempt && files[0] ? secondsOf(farm, task, attempt, files[0]) : null,
    before: map.frames[place - 1] ?? null,
    after: map.frames[place + 1] ?? null,
  };
}

/** The picture of a frame; throws `not_found` while it is not filed. */
export function pictureOf(farm: Farm, job: Job, frame: number): StoredFile {
  const files = listFilesOfFrame(farm.db, job.id, frame);
  const picture = files.find((file) => isMainPicture(file.name)) ?? files[0];
  if (!picture) throw new AppError("not_found", `Frame ${frame} of job ${job.id} is not filed.`);
  return picture;
}

/** Only what is not plain waiting is looked up, so that the cost does not grow with the frames that are. */
function statesOf(farm: Farm, job: Job, frames: readonly number[]): Map<number, FrameState> {
  const states = new Map<number, FrameState>();
  const set = (text: string, state: FrameState) => parseFrames(text).forEach((frame) => states.set(frame, state));
  if (job.tasksFailed > 0) for (const text of listFailedFrames(farm.db, job.id)) set(text, "failed");
  for (const { taskId } of farm.leases.ofJob(job.id)) {
    const task = getTask(farm.db, taskId);
    if (task?.kind === "render") set(task.frames, "working");
  }
  for (const frame of listWholeFrames(farm.db, job.id, frames[0]!, frames.at(-1)!)) states.set(frame, "done");
  return states;
}

/** The attempt during which the file came; where there is none, the last one. */
function attemptAt(farm: Farm, task: Task, file: StoredFile | null): Attempt | null {
  const attempts = listAttempts(farm.db, task.id);
  const at = file?.createdAtMs ?? Infinity;
  return attempts.findLast((one) => one.startedAtMs <= at) ?? attempts.at(-1) ?? null;
}

/** From the frame of the same attempt that was filed before this one, or from the attempt's start, until this one was filed. */
function secondsOf(farm: Farm, task: Task, attempt: Attempt, file: StoredFile): number | null {
  const others = parseFrames(task.frames).filter((frame) => frame !== file.frame);
  const filed = others.flatMap((frame) => listFilesOfFrame(farm.db, task.jobId, frame).map((one) => one.createdAtMs));
  const before = filed.filter((at) => at >= attempt.startedAtMs && at < file.createdAtMs);
  const seconds = (file.createdAtMs - Math.max(attempt.startedAtMs, ...before)) / 1000;
  return seconds > 0 ? seconds : null;
}
