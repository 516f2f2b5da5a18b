import type { Job } from "#domain/job.ts";
import type { Waiting } from "#domain/waiting.ts";
import { listVideoTasks } from "#manager/db/videos.ts";
import { blenderOfJob, matchBlenders } from "./blender-choice.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";
import { mayWorkFor } from "./scheduling.ts";

/** Why nothing of a job is being done now though something could be; null where it goes on, has nothing to go on with, or says so itself. */
export function whyWaiting(farm: Farm, job: Job): Waiting | null {
  if (job.status === "paused") return job.tasksLeased > 0 ? null : { kind: "paused" };
  if (job.status !== "queued" && job.status !== "running") return null;
  if (job.tasksQueued === 0 || job.tasksLeased > 0 || job.reason !== null) return null;
  const own = farm.runners.all().filter((runner) => mayWorkFor(runner, job));
  if (own.length === 0) return { kind: "no_runner" };
  const enabled = own.filter((runner) => runner.status !== "disabled");
  if (enabled.length === 0) return { kind: "disabled", runners: own.length };
  const here = enabled.filter((runner) => runner.status === "online" && !runner.leaving);
  if (here.length === 0) return { kind: "offline", runners: enabled.length };
  const able = ableTo(farm, job, here);
  if (able.length === 0) return { kind: "no_blender", reason: blenderOfJob(farm, job)?.reason ?? "No Blender fits." };
  const isBusy = able.every((runner) => farm.leases.ofRunner(runner.id).length > 0);
  return isBusy ? { kind: "busy", runners: able.length } : null;
}

/** Once all frames are there, those that can make the video; before, those that have the job's Blender or can fetch it. */
function ableTo(farm: Farm, job: Job, runners: readonly LiveRunner[]): LiveRunner[] {
  if (job.framesDone === job.framesTotal) {
    const formats = listVideoTasks(farm.db, job.id).flatMap(({ format }) => format ?? []);
    const able = runners.filter(({ capabilities }) => formats.some((one) => capabilities.videoFormats.includes(one)));
    if (able.length > 0) return able;
  }
  const match = matchBlenders(farm);
  const version = match.choose(job)?.version;
  return version === undefined ? [] : runners.filter((runner) => match.canUse(runner, version));
}
