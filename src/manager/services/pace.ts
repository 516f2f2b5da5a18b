import { parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { etaSeconds, type Pace } from "#domain/progress.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { listRecentAttempts } from "#manager/db/recent-attempts.ts";
import type { Farm } from "./farm.ts";

/** Enough that one odd frame does not count for much, few enough that a scene that grows heavier is noticed. */
const RECENT_TASKS = 24;

/** Between two tasks a runner holds none for a moment; for so long it still counts as at work. */
const PAUSE_MS = 10_000;

/**
 * How long the frames of a job will still take, in whole seconds; null where that cannot be known: nobody is at work on it, no frame of
 * it is done yet, or none is left.
 */
export function framesEta(farm: Farm, job: Job): number | null {
  if (job.status !== "running") return null;
  const pace = paceOf(farm, job);
  return pace && etaSeconds(job.framesTotal - job.framesDone, pace);
}

function paceOf(farm: Farm, job: Job): Pace | null {
  const recent = listRecentAttempts(farm.db, job.id, RECENT_TASKS);
  const frames = recent.reduce((sum, one) => sum + parseFrames(one.frames).length, 0);
  if (frames === 0) return null;
  const nowMs = farm.clock.nowMs();
  const took = recent.reduce((sum, one) => sum + Math.max(0, one.endedAtMs - one.startedAtMs), 0) / 1000;
  const secondsPerFrame = took / frames;
  const leases = farm.leases.ofJob(job.id).filter(({ progress }) => !progress?.encoding);
  const justNow = recent.filter((one) => nowMs - one.endedAtMs < PAUSE_MS && one.runnerId !== null);
  const runners = new Set([...leases, ...justNow].map((one) => one.runnerId)).size;
  const running = leases.map(({ taskId, attempt, progress }) => {
    const startedAtMs = getAttempt(farm.db, taskId, attempt)?.startedAtMs ?? nowMs;
    return Math.max(0, (nowMs - startedAtMs) / 1000 - (progress?.done ?? 0) * secondsPerFrame);
  });
  return { secondsPerFrame, runners: Math.max(runners, leases.length), running };
}
