import { AppError } from "#domain/app-error.ts";
import { formatFrames, parseFrames } from "#domain/frames.ts";
import { DEFAULT_PRIORITY, JOB_FORMATS, type Device, type Job, type JobFormat } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import type { Warning } from "#domain/warning.ts";
import { getJob, insertJob, listJobs } from "#manager/db/jobs.ts";
import { listWarnings } from "#manager/db/job-warnings.ts";
import { mayUse } from "./callers.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";

/** What a user may say of a job; all but the name may be left out. */
export type JobWishes = {
  name: string;
  frames?: string | null;
  format?: string;
  mainFile?: string | null;
  scene?: string | null;
  camera?: string | null;
  engine?: string | null;
  device?: Device;
  samples?: number | null;
  resolutionPercentage?: number | null;
  blenderVersion?: string | null;
  addons?: readonly string[];
  priority?: number;
  autostart?: boolean;
};

/** Makes a draft. Throws `invalid_frames`, `unknown_format`, `forbidden` (a priority that is for admins) or `bad_request`. */
export async function createJob(farm: Farm, user: User, wishes: JobWishes): Promise<Job> {
  const job = {
    name: jobName(wishes.name),
    frames: wishes.frames == null ? null : formatFrames(parseFrames(wishes.frames)),
    format: jobFormat(wishes.format ?? "EXR"),
    priority: jobPriority(user, wishes.priority ?? DEFAULT_PRIORITY),
    autostart: wishes.autostart ?? true,
    mainFile: wishes.mainFile ?? null,
    scene: wishes.scene ?? null,
    camera: wishes.camera ?? null,
    engine: wishes.engine ?? null,
    device: wishes.device ?? "auto",
    samples: wishes.samples ?? null,
    resolutionPercentage: wishes.resolutionPercentage ?? null,
    blenderVersion: wishes.blenderVersion ?? null,
    addons: wishes.addons ?? [],
  };
  const id = await farm.commit.write(() =>
    insertJob(farm.db, { ...job, userId: user.id, createdAtMs: farm.clock.nowMs() }),
  );
  tellOf(farm, { type: "job", jobId: id });
  return mustGetJob(farm, id);
}

/** A job that a user may see; throws `not_found` also for the jobs of others, which do not exist for them. */
export function jobFor(farm: Farm, user: User, id: number): Job {
  const job = getJob(farm.db, id);
  if (!job || !mayUse(user, job)) throw new AppError("not_found", `There is no job ${id}.`);
  return job;
}

/** A user's jobs, or all for an admin who asks for them; newest first, those older than the id `before`. */
export function jobsFor(farm: Farm, user: User, page: { everyones: boolean; before: number; limit: number }): Job[] {
  return listJobs(farm.db, page.everyones && user.admin ? null : user.id, page.before, page.limit);
}

/** What will make a job's picture differ from the artist's own. */
export function warningsOf(farm: Farm, jobId: number): Warning[] {
  return listWarnings(farm.db, jobId);
}

/** A job that must be there. */
export function mustGetJob(farm: Farm, id: number): Job {
  const job = getJob(farm.db, id);
  if (!job) throw new AppError("not_found", `There is no job ${id}.`);
  return job;
}

/** A name as it is stored; throws `bad_request`. */
export function jobName(text: string): string {
  const name = text.trim();
  if (name.length === 0 || name.length > 200)
    throw new AppError("bad_request", "A job's name has 1 to 200 characters.");
  return name;
}

/** A format that can be delivered; throws `unknown_format`. */
export function jobFormat(text: string): JobFormat {
  const format = JOB_FORMATS.find((known) => known === text);
  if (!format)
    throw new AppError("unknown_format", `There is no format "${text}"; there are ${JOB_FORMATS.join(", ")}.`);
  return format;
}

/** A priority that this user may give; throws `forbidden`. */
export function jobPriority(user: User, priority: number): number {
  if (priority > DEFAULT_PRIORITY && !user.admin)
    throw new AppError("forbidden", `A priority above ${DEFAULT_PRIORITY} is for admins.`);
  return priority;
}
