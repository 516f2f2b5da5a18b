import { frameName, parseFrames } from "#domain/frames.ts";
import { getJob, addFramesDone } from "#manager/db/jobs.ts";
import { insertFrame, insertVideo } from "#manager/db/outputs.ts";
import { listVideoTasks } from "#manager/db/videos.ts";
import { endTask } from "#manager/services/completing.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import type { FailureReason } from "#domain/failure.ts";
import type { MemoryFarm } from "./memory-farm.ts";

/** The runner's part of a job that has a video, as far as the manager sees it. */
export async function lease(farm: MemoryFarm, runner: LiveRunner): Promise<GrantedTask | null> {
  const holding = farm.leases.ofRunner(runner.id).map(({ taskId: id, attempt }) => ({ id, attempt }));
  const asked = { slots: 1, holding, waitMs: 0, abort: new AbortController().signal };
  return (await askForTasks(farm, runner, asked))[0] ?? null;
}

/** Files a frame of a job as if a runner had sent it. */
export function fileFrame(farm: MemoryFarm, jobId: number, frame: number, names = [frameName(frame)]): void {
  for (const name of names)
    insertFrame(farm.db, { jobId, name, frame, parts: names.length, size: 1, sha256: `of ${name}`, createdAtMs: 0 });
  addFramesDone(farm.db, jobId, 1);
}

/** Files what belongs to a video or its sound. */
export function fileVideoRow(farm: MemoryFarm, jobId: number, name: string, parts = 1): void {
  const kind = name.endsWith("flac") ? "sound" : "video";
  insertVideo(farm.db, { jobId, kind, name, parts, size: 10, sha256: `of ${name}`, createdAtMs: 0 });
}

export function complete(farm: MemoryFarm, runner: LiveRunner, { task }: GrantedTask): Promise<void> {
  return endTask(farm, runner, { taskId: task.id, attempt: task.attempt, warnings: [], end: { kind: "completed" } });
}

export function fail(
  farm: MemoryFarm,
  runner: LiveRunner,
  { task }: GrantedTask,
  reason: FailureReason = "internal",
): Promise<void> {
  const end = { kind: "failed", reason, message: "it did not work" } as const;
  return endTask(farm, runner, { taskId: task.id, attempt: task.attempt, warnings: [], end });
}

/** Has a runner render all frames of a job. */
export async function renderAll(farm: MemoryFarm, runner: LiveRunner, jobId: number): Promise<void> {
  for (;;) {
    const granted = await lease(farm, runner);
    if (granted?.kind !== "render") {
      if (granted) throw new Error(`the frames of job ${jobId} are followed by a task to ${granted.kind}`);
      return;
    }
    for (const frame of parseFrames(granted.frames)) fileFrame(farm, jobId, frame);
    await complete(farm, runner, granted);
  }
}

/** How a job stands: its status, and that of each of its tasks that are not about rendering. */
export function standing(farm: MemoryFarm, jobId: number): string[] {
  const tasks = listVideoTasks(farm.db, jobId).map(({ kind, format, status }) => `${format ?? kind} ${status}`);
  return [getJob(farm.db, jobId)!.status, ...tasks];
}
