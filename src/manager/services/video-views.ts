import { parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { TaskStatus } from "#domain/task.ts";
import { guessEncodeSeconds, VIDEO_FILES, type VideoFormat } from "#domain/video.ts";
import { getOutputByName } from "#manager/db/outputs.ts";
import { listVideoTasks, type VideoTask } from "#manager/db/videos.ts";
import type { Farm } from "./farm.ts";
import { framesEta } from "./pace.ts";

/** A video of a job: its task, how much of it is done, and the files that came out. */
export type VideoView = {
  format: VideoFormat;
  taskId: number;
  status: TaskStatus;
  /** From 0 to 1. */
  fraction: number;
  /** Of one that is being made, as soon as its runner can tell. */
  secondsLeft: number | null;
  /** The video first, then the copy for browsers. */
  files: StoredFile[];
};

/** The videos that were asked of a job, in the order in which they were. */
export function videosOf(farm: Farm, job: Pick<Job, "id">): VideoView[] {
  return listVideoTasks(farm.db, job.id).flatMap((task) => (task.kind === "encode" ? view(farm, job.id, task) : []));
}

/** How much of a job is done, with its videos, and how long the rest may take. */
export type JobProgress = {
  /** From 0 to 100, with one decimal; 100 is said only of what is whole. */
  percent: number;
  /** Null while it cannot be told, or nothing goes on. */
  etaSeconds: number | null;
};

/** What a video counts for among the frames of a job: a tenth of all of them. */
const VIDEO_SHARE = 0.1;

/** Sums up how far a job is. */
export function progressOf(farm: Farm, job: Job): JobProgress {
  const { framesDone, framesTotal } = job;
  if (framesTotal === 0) return { percent: 0, etaSeconds: null };
  const videos = job.status === "completed" ? [] : listVideoTasks(farm.db, job.id).filter(isVideo);
  const done = videos.reduce((sum, task) => sum + fractionOf(farm, task), 0);
  const share = (framesDone / framesTotal + VIDEO_SHARE * done) / (1 + VIDEO_SHARE * videos.length);
  return {
    percent: Math.floor(1000 * share) / 10,
    etaSeconds: job.status === "running" ? eta(farm, job, videos) : null,
  };
}

/** What is left of the frames, by those that are done; then the videos, which are made when all frames are there. */
function eta(farm: Farm, job: Job, videos: readonly Video[]): number | null {
  const hasFrames = job.framesDone === job.framesTotal;
  const frames = hasFrames ? 0 : framesEta(farm, job);
  if (frames === null) return null;
  const left = videos.filter(({ status }) => status !== "completed");
  if (hasFrames && left.length === 0) return null;
  // Those under way are made side by side, the others perhaps one after the other.
  const underWay = left.map((task) => leasedSeconds(farm, task)).filter((seconds) => seconds !== null);
  const waiting = left.filter((task) => leasedSeconds(farm, task) === null);
  const guesses = waiting.reduce((sum, task) => sum + guess(job, task), 0);
  return Math.round(frames + Math.max(0, ...underWay) + guesses);
}

type Video = Extract<VideoTask, { kind: "encode" }>;

function isVideo(task: VideoTask): task is Video {
  return task.kind === "encode";
}

function guess({ width, height }: Job, { format, frames }: Video): number {
  return guessEncodeSeconds(format, { frames: parseFrames(frames).length, width, height });
}

function leasedSeconds(farm: Farm, { id }: Video): number | null {
  return farm.leases.get(id)?.progress?.encoding?.secondsLeft ?? null;
}

function fractionOf(farm: Farm, { id, status }: Video): number {
  return status === "completed" ? 1 : (farm.leases.get(id)?.progress?.encoding?.fraction ?? 0);
}

function view(farm: Farm, jobId: number, task: Video): VideoView {
  const { id: taskId, format, status } = task;
  const files = VIDEO_FILES[format].names.flatMap((name) =>
    name ? (getOutputByName(farm.db, jobId, name) ?? []) : [],
  );
  return { format, taskId, status, fraction: fractionOf(farm, task), secondsLeft: leasedSeconds(farm, task), files };
}
