import { AppError } from "#domain/app-error.ts";
import { parseFrames, sceneFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { judgeScene } from "#domain/judge-scene.ts";
import { planRenderTasks } from "#domain/plan.ts";
import { frameSize, renderedScene, type SceneInfo, type SceneMetadata } from "#domain/scene.ts";
import { isVideoFormat } from "#domain/video.ts";
import type { Warning } from "#domain/warning.ts";
import { addWarnings, clearWarnings } from "#manager/db/job-warnings.ts";
import { getJobMetadata, setJobMessage, setJobPlan, setJobStatus } from "#manager/db/jobs.ts";
import { hasUnhashedUploads } from "#manager/db/files.ts";
import { insertRenderTasks } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { refreshJob } from "./rebuild.ts";
import { readNumber } from "./settings.ts";
import { sourceOf, videoWarnings } from "./video-source.ts";
import { planVideo } from "./videos.ts";

/** Starts a draft whose scene is read: plans its tasks and queues them. Throws `not_ready`, `unrenderable` or `already_started`. */
export async function startJob(farm: Farm, job: Job): Promise<Job> {
  if (job.status !== "draft")
    throw new AppError("already_started", `The job is ${job.status}; only a draft can be started.`);
  const metadata = getJobMetadata(farm.db, job.id);
  if (!metadata || job.contextVersion === 0)
    throw new AppError(
      "not_ready",
      metadata || job.fileName ? "The scene is still being read." : "Upload a scene first.",
    );
  const { problem } = judgeScene(metadata, job);
  if (problem) throw new AppError("unrenderable", problem.message);
  await farm.commit.write(() => plan(farm, mustGetJob(farm, job.id), metadata));
  return mustGetJob(farm, job.id);
}

/**
 * Takes in what was read of a draft's scene: warnings, and the reason why it cannot be rendered. Where autostart is on, starts it or
 * fails it. Part of the caller's transaction.
 */
export function judgeDraft(farm: Farm, jobId: number, metadata: SceneMetadata): void {
  const job = mustGetJob(farm, jobId);
  const { problem, warnings } = judgeScene(metadata, job);
  if (job.status !== "draft") return addWarnings(farm.db, jobId, warnings);
  clearWarnings(farm.db, jobId);
  addWarnings(farm.db, jobId, [...warnings, ...videoWarningsOf(job, metadata)]);
  if (problem && job.autostart) {
    setJobStatus(farm.db, jobId, "failed", { ...problem, endedAtMs: farm.clock.nowMs() });
  } else {
    setJobMessage(farm.db, jobId, problem?.reason ?? null, problem?.message ?? null);
    if (job.autostart && job.contextVersion > 0 && !hasUnhashedUploads(farm.db, jobId)) plan(farm, job, metadata);
  }
  refreshJob(farm, jobId);
}

function plan(farm: Farm, job: Job, metadata: SceneMetadata): void {
  if (job.status !== "draft") throw new AppError("already_started", `The job is ${job.status}.`);
  const scene = renderedScene(metadata, job.scene);
  if (!scene) throw new AppError("unrenderable", "The file has no such scene.");
  const frames = framesOf(job, scene);
  const numbers = parseFrames(frames);
  const size = scene.cropped ? { width: null, height: null } : frameSize(scene, job.resolutionPercentage);
  setJobPlan(farm.db, job.id, { frames, framesTotal: numbers.length, ...size });
  insertRenderTasks(farm.db, job.id, planRenderTasks(numbers, readNumber(farm, "frames-per-render-task")));
  if (isVideoFormat(job.format)) planVideo(farm, { ...job, frames }, job.format);
  setJobStatus(farm.db, job.id, "queued");
  refreshJob(farm, job.id);
}

function videoWarningsOf(job: Job, metadata: SceneMetadata): Warning[] {
  const scene = renderedScene(metadata, job.scene);
  if (!scene || !isVideoFormat(job.format)) return [];
  return videoWarnings(sourceOf(scene, parseFrames(framesOf(job, scene))));
}

function framesOf(job: Job, scene: SceneInfo): string {
  return job.frames ?? sceneFrames(scene.frameStart, scene.frameEnd, scene.frameStep);
}
