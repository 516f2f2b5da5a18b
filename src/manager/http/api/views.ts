import { FAILURES } from "#domain/failure.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { User } from "#domain/user.ts";
import type { Warning } from "#domain/warning.ts";
import type { JobBlender } from "#manager/services/blender-choice.ts";
import type { JobProgress, VideoView } from "#manager/services/video-views.ts";
import type { UploadState } from "#manager/services/resumable-uploads.ts";
import type { TaskView } from "#manager/services/task-views.ts";

/** A time as the API writes it. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** A user as the API shows one to itself. */
export function userView(user: User) {
  return { id: user.id, email: user.email, name: user.name, admin: user.admin };
}

/** A job as the API shows it. */
export function jobView(
  job: Job,
  more: { warnings: readonly Warning[]; blender: JobBlender | null; progress: JobProgress },
) {
  const { warnings, blender, progress } = more;
  return {
    id: job.id,
    name: job.name,
    status: job.status,
    user: job.userId === null ? null : { id: job.userId, name: job.userName ?? "" },
    fileName: job.fileName,
    frames: job.frames,
    format: job.format,
    priority: job.priority,
    blenderVersion: job.blenderVersion,
    addons: [...job.addons],
    blender,
    mainFile: job.mainFile,
    scene: job.scene,
    camera: job.camera,
    engine: job.engine,
    device: job.device,
    samples: job.samples,
    resolutionPercentage: job.resolutionPercentage,
    autostart: job.autostart,
    progress: {
      frames: job.framesTotal,
      framesDone: job.framesDone,
      tasks: job.tasksTotal,
      tasksDone: job.tasksDone,
      tasksFailed: job.tasksFailed,
      ...progress,
    },
    warnings: [...warnings],
    reason: job.reason,
    message: job.message,
    createdAt: isoTime(job.createdAtMs),
    startedAt: isoTime(job.startedAtMs),
    endedAt: isoTime(job.endedAtMs),
  };
}

/** A task as the API shows it; a failure comes with its advice. */
export function taskView(task: TaskView) {
  return {
    id: task.id,
    kind: task.kind,
    format: task.format,
    frames: task.frames,
    status: task.status,
    attempt: task.attempt,
    runner: task.runnerId === null ? null : { id: task.runnerId, name: task.runnerName ?? "" },
    progress: task.progress,
    reason: task.reason,
    message: task.message,
    advice: task.reason === null ? null : FAILURES[task.reason].advice,
    failures: task.failures,
    startedAt: isoTime(task.startedAtMs),
    endedAt: isoTime(task.endedAtMs),
  };
}

/** An uploaded file as the API shows it. */
export function fileView(file: StoredFile) {
  const { id, name, size, sha256 } = file;
  return {
    id,
    name,
    size,
    sha256,
    createdAt: isoTime(file.createdAtMs),
    url: fileUrl(file, "download"),
    previewUrl: fileUrl(file, "preview"),
  };
}

/** A resumable upload as the API shows it. */
export function uploadView(upload: UploadState) {
  const { id, name, size, offset, jobId } = upload;
  return {
    id,
    name,
    size,
    offset,
    jobId,
    createdAt: isoTime(upload.createdAtMs),
    expiresAt: isoTime(upload.expiresAtMs),
  };
}

/** A frame, a video or sound as the API shows it. */
export function outputView(file: StoredFile) {
  const { id, kind, name, frame, size, sha256 } = file;
  const previewUrl = fileUrl(file, "preview");
  return {
    id,
    kind,
    name,
    frame,
    size,
    sha256,
    createdAt: isoTime(file.createdAtMs),
    url: fileUrl(file, "download"),
    previewUrl,
  };
}

/** A video of a job as the API shows it. */
export function videoView({ files, ...video }: VideoView) {
  return { ...video, files: files.map(outputView) };
}

function fileUrl(file: StoredFile, what: "download" | "preview"): string {
  return `/api/jobs/${file.jobId}/files/${file.id}/${what}`;
}

/** A page of a list: `limit + 1` rows were asked for, and the last one only tells that there is more. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  cursor: (row: Row) => number,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? String(cursor(last)) : null,
  };
}
