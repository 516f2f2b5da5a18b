import type { Database } from "bun:sqlite";
import type { Job, JobStatus } from "#domain/job.ts";
import type { SceneMetadata } from "#domain/scene.ts";

type Row = Omit<Job, "autostart" | "addons"> & { autostart: number; addons: string };

const SELECT = `SELECT j.id, j.user_id AS userId, u.name AS userName, j.name, j.status, j.file_name AS fileName, j.frames, j.format, j.priority,
    j.autostart, j.main_file AS mainFile, j.scene, j.camera, j.engine, j.device, j.samples,
    j.resolution_percentage AS resolutionPercentage, j.blender_version AS blenderVersion, j.addons, j.scene_file AS sceneFile,
    j.file_version AS fileVersion, j.blender_used AS blenderUsed,
    j.context_version AS contextVersion, j.context_size AS contextSize, j.context_sha256 AS contextSha256,
    j.frames_total AS framesTotal, j.frames_done AS framesDone, j.width, j.height,
    j.tasks_total AS tasksTotal, j.tasks_queued AS tasksQueued, j.tasks_leased AS tasksLeased, j.tasks_done AS tasksDone,
    j.tasks_failed AS tasksFailed, j.tasks_blocked AS tasksBlocked, j.output_bytes AS outputBytes, j.reason, j.message,
    j.created_at_ms AS createdAtMs, j.started_at_ms AS startedAtMs, j.ended_at_ms AS endedAtMs
  FROM jobs j LEFT JOIN users u ON u.id = j.user_id`;

function fromRow(row: Row): Job {
  return { ...row, autostart: row.autostart === 1, addons: JSON.parse(row.addons) as string[] };
}

/** The job of this id; null if there is none. */
export function getJob(db: Database, id: number): Job | null {
  const row = db.query<Row, [number]>(`${SELECT} WHERE j.id = ?`).get(id);
  return row && fromRow(row);
}

/** Jobs, newest first, of one user or (null) of all, with ids below `before`. */
export function listJobs(db: Database, userId: number | null, before: number, limit: number): Job[] {
  return db
    .query<Row, [number | null, number, number]>(
      `${SELECT} WHERE (?1 IS NULL OR j.user_id = ?1) AND j.id < ?2 ORDER BY j.id DESC LIMIT ?3`,
    )
    .all(userId, before, limit)
    .map(fromRow);
}

/** Jobs that are not ended, oldest first. */
export function listActiveJobs(db: Database): Job[] {
  return db
    .query<Row, []>(`${SELECT} WHERE j.status IN ('draft', 'queued', 'running', 'paused') ORDER BY j.id`)
    .all()
    .map(fromRow);
}

export type NewJob = Pick<
  Job,
  | "userId"
  | "name"
  | "frames"
  | "format"
  | "priority"
  | "autostart"
  | "mainFile"
  | "scene"
  | "camera"
  | "engine"
  | "device"
  | "samples"
  | "resolutionPercentage"
  | "blenderVersion"
  | "addons"
  | "createdAtMs"
>;

/** Adds a draft; returns its id. */
export function insertJob(db: Database, job: NewJob): number {
  const row = db
    .query<{ id: number }, (string | number | null)[]>(
      `INSERT INTO jobs (user_id, name, status, frames, format, priority, autostart, main_file, scene, camera, engine, device, samples,
         resolution_percentage, blender_version, addons, created_at_ms)
       VALUES (?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    )
    .get(
      job.userId,
      job.name,
      job.frames,
      job.format,
      job.priority,
      Number(job.autostart),
      job.mainFile,
      job.scene,
      job.camera,
      job.engine,
      job.device,
      job.samples,
      job.resolutionPercentage,
      job.blenderVersion,
      JSON.stringify(job.addons),
      job.createdAtMs,
    );
  return row!.id;
}

/** Writes what a user may change of a job, all of it. */
export function updateJobWishes(db: Database, job: Omit<NewJob, "userId" | "createdAtMs"> & { id: number }): void {
  db.query(
    `UPDATE jobs SET name = $name, frames = $frames, format = $format, priority = $priority, autostart = $autostart, main_file = $mainFile,
       scene = $scene, camera = $camera, engine = $engine, device = $device, samples = $samples,
       resolution_percentage = $resolutionPercentage, blender_version = $blenderVersion, addons = $addons WHERE id = $id`,
  ).run({
    id: job.id,
    name: job.name,
    frames: job.frames,
    format: job.format,
    priority: job.priority,
    autostart: Number(job.autostart),
    mainFile: job.mainFile,
    scene: job.scene,
    camera: job.camera,
    engine: job.engine,
    device: job.device,
    samples: job.samples,
    resolutionPercentage: job.resolutionPercentage,
    blenderVersion: job.blenderVersion,
    addons: JSON.stringify(job.addons),
  });
}

export type StatusChange = {
  reason?: string | null;
  message?: string | null;
  startedAtMs?: number;
  endedAtMs?: number | null;
};

/** Moves a job to another status; reason and message are cleared unless given, `startedAtMs` is kept once set. */
export function setJobStatus(db: Database, id: number, status: JobStatus, change: StatusChange = {}): void {
  db.query(
    `UPDATE jobs SET status = ?, reason = ?, message = ?, started_at_ms = COALESCE(started_at_ms, ?), ended_at_ms = ? WHERE id = ?`,
  ).run(
    status,
    change.reason ?? null,
    change.message ?? null,
    change.startedAtMs ?? null,
    change.endedAtMs ?? null,
    id,
  );
}

/** Says why a job does not go on, without moving it. */
export function setJobMessage(db: Database, id: number, reason: string | null, message: string | null): void {
  db.query("UPDATE jobs SET reason = ?, message = ? WHERE id = ?").run(reason, message, id);
}

/** Stores what was read of the scene; null takes it back. */
export function setJobMetadata(db: Database, id: number, metadata: SceneMetadata | null): void {
  db.query("UPDATE jobs SET metadata = ?, scene_file = ?, file_version = ? WHERE id = ?").run(
    metadata && JSON.stringify(metadata),
    metadata?.mainFile ?? null,
    metadata?.blenderVersion ?? null,
    id,
  );
}

/** What was read of the scene; null while nothing is. */
export function getJobMetadata(db: Database, id: number): SceneMetadata | null {
  const row = db.query<{ metadata: string | null }, [number]>("SELECT metadata FROM jobs WHERE id = ?").get(id);
  return row?.metadata ? (JSON.parse(row.metadata) as SceneMetadata) : null;
}

/** Fixes the Blender that a job's frames are rendered with. */
export function setJobBlender(db: Database, id: number, version: string): void {
  db.query("UPDATE jobs SET blender_used = ? WHERE id = ?").run(version, id);
}

/** Names the file that the user uploaded, as the job's own. */
export function setJobFileName(db: Database, id: number, fileName: string): void {
  db.query("UPDATE jobs SET file_name = ? WHERE id = ?").run(fileName, id);
}

/** Notes a new version of the job's context.tar. */
export function setJobContext(
  db: Database,
  id: number,
  context: { version: number; size: number; sha256: string },
): void {
  db.query("UPDATE jobs SET context_version = ?, context_size = ?, context_sha256 = ? WHERE id = ?").run(
    context.version,
    context.size,
    context.sha256,
    id,
  );
}

export type JobPlan = { frames: string; framesTotal: number; width: number | null; height: number | null };

/** Fixes what a job will render. */
export function setJobPlan(db: Database, id: number, plan: JobPlan): void {
  db.query("UPDATE jobs SET frames = ?, frames_total = ?, width = ?, height = ? WHERE id = ?").run(
    plan.frames,
    plan.framesTotal,
    plan.width,
    plan.height,
    id,
  );
}

/** Fixes the size of all frames by the first one that is filed. */
export function setJobSize(db: Database, id: number, width: number, height: number): void {
  db.query("UPDATE jobs SET width = ?, height = ? WHERE id = ?").run(width, height, id);
}

/** Counts frames that are filed. */
export function addFramesDone(db: Database, id: number, frames: number): void {
  db.query("UPDATE jobs SET frames_done = frames_done + ? WHERE id = ?").run(frames, id);
}

/** Removes a job with all its rows. */
export function deleteJob(db: Database, id: number): void {
  db.query("DELETE FROM jobs WHERE id = ?").run(id);
}

/** Makes another user the owner of all jobs of one. */
export function giveJobs(db: Database, fromUserId: number, toUserId: number): void {
  db.query("UPDATE jobs SET user_id = ? WHERE user_id = ?").run(toUserId, fromUserId);
}
