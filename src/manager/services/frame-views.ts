import { AppError } from "#domain/app-error.ts";
import { parseFrames } from "#domain/frames.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { TASK_STATUSES, type Task } from "#domain/task.ts";
import { listFilesOfFrame, listTaskFrames } from "#manager/db/frames.ts";
import { listWholeFrames } from "#manager/db/outputs.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";

/** What a frame is: filed, being rendered, waiting, failed, or ended without a picture. */
export type FrameState = "done" | "working" | "waiting" | "failed" | "ended";

export type FramesView = { cells: { frame: number; state: FrameState }[]; page: number; pages: number };

/** A page of a job's frames with what each is, pages counted from 1; null before the job is planned. */
export function framesOf(farm: Farm, job: Job, wanted: { page: number; size: number }): FramesView | null {
  if (job.framesTotal === 0 || job.frames === null) return null;
  const all = parseFrames(job.frames);
  const pages = Math.ceil(all.length / wanted.size);
  const page = Math.min(Math.max(1, wanted.page), pages);
  const frames = all.slice((page - 1) * wanted.size, page * wanted.size);
  const states = statesOf(farm, job, frames);
  return { cells: frames.map((frame) => ({ frame, state: states.get(frame) ?? leftOver(job) })), page, pages };
}

/** One frame of a job: its files, the task it belongs to, and its neighbours; throws `not_found` when the job has no such frame. */
export function frameOf(farm: Farm, job: Job, frame: number): FrameView {
  const all = job.frames === null ? [] : parseFrames(job.frames);
  const place = all.indexOf(frame);
  if (place < 0) throw new AppError("not_found", `Job ${job.id} has no frame ${frame}.`);
  const tasks = listTaskFrames(farm.db, job.id, TASK_STATUSES);
  const task = tasks.find(({ frames }) => parseFrames(frames).includes(frame));
  return {
    files: listFilesOfFrame(farm.db, job.id, frame),
    task: task ? getTask(farm.db, task.id) : null,
    before: all[place - 1] ?? null,
    after: all[place + 1] ?? null,
  };
}

export type FrameView = { files: StoredFile[]; task: Task | null; before: number | null; after: number | null };

/** Only what is not plain waiting is looked up, so that the cost does not grow with the frames that are. */
function statesOf(farm: Farm, job: Job, frames: readonly number[]): Map<number, FrameState> {
  const states = new Map<number, FrameState>();
  for (const task of listTaskFrames(farm.db, job.id, ["leased", "failed"]))
    for (const frame of parseFrames(task.frames)) states.set(frame, task.status === "failed" ? "failed" : "working");
  for (const frame of listWholeFrames(farm.db, job.id, frames[0]!, frames.at(-1)!)) states.set(frame, "done");
  return states;
}

function leftOver(job: Job): FrameState {
  return isJobEnded(job.status) ? "ended" : "waiting";
}
