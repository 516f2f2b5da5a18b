import type { Job } from "#domain/job.ts";
import { SOUND_FILE, VIDEO_FILES, type VideoFormat } from "#domain/video.ts";
import { listFilesOfFrame } from "#manager/db/frames.ts";
import { addWarnings } from "#manager/db/job-warnings.ts";
import { getOutputByName, isVideoWhole } from "#manager/db/outputs.ts";
import { insertVideoTask, listPictures, listVideoTasks, queueBlockedTasks } from "#manager/db/videos.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { videoSource, videoWarnings, wantsSound } from "./video-source.ts";

/**
 * Plans a video of a job that has its frames: a task that encodes, blocked until all is there for it, and one that mixes the sound, if the
 * scene has some that nobody was asked for yet. Part of the caller's transaction.
 */
export function planVideo(farm: Farm, job: Pick<Job, "id" | "frames" | "scene">, format: VideoFormat): void {
  const source = videoSource(farm, job);
  const frames = job.frames ?? "";
  addWarnings(farm.db, job.id, videoWarnings(source));
  const hasSoundTask = listVideoTasks(farm.db, job.id).some(({ kind }) => kind === "sound");
  if (wantsSound(source) && !hasSoundTask)
    insertVideoTask(farm.db, job.id, { kind: "sound", format: null, status: "queued", frames });
  insertVideoTask(farm.db, job.id, { kind: "encode", format, status: "blocked", frames });
}

/** Queues the videos of a job once all frames and the sound are there. Part of the caller's transaction. */
export function queueVideos(farm: Farm, job: Job): void {
  if (job.tasksBlocked === 0) return;
  const videos = listVideoTasks(farm.db, job.id).filter(
    ({ kind, status }) => kind === "encode" && status !== "completed",
  );
  if (job.tasksTotal - job.tasksDone > videos.length) return;
  for (const taskId of queueBlockedTasks(farm.db, job.id)) tellOf(farm, { type: "task", jobId: job.id, taskId });
  warnOfOtherPictures(farm, job.id);
}

/** Of a frame that came out as several files, one goes into the video. */
function warnOfOtherPictures(farm: Farm, jobId: number): void {
  const first = listPictures(farm.db, jobId, -1, 1)[0];
  if (!first) return;
  const files = listFilesOfFrame(farm.db, jobId, first.frame).length;
  if (files === 1) return;
  const message = `Each frame came out as ${files} files. The video is made of ${first.name} and its like.`;
  addWarnings(farm.db, jobId, [{ code: "video_picture", message }]);
}

/** Whether all files of a video are filed. */
export function isVideoFiled(farm: Pick<Farm, "db">, jobId: number, format: VideoFormat): boolean {
  return isVideoWhole(farm.db, jobId, VIDEO_FILES[format].names);
}

/** Whether a job's sound is filed; a scene that turned out to be silent never has any. */
export function isSoundFiled(farm: Pick<Farm, "db">, jobId: number): boolean {
  return getOutputByName(farm.db, jobId, SOUND_FILE) !== null;
}
