import type { Job } from "#domain/job.ts";
import type { VideoFormat } from "#domain/video.ts";
import type { VideoTask } from "#manager/db/videos.ts";

/** A kind of task that is queued; of videos, each format by itself, for not every runner can make each. */
export type ReadyWork = { kind: "render" | "sound"; format: null } | { kind: "encode"; format: VideoFormat };

/** What of a job decides who may have its next task. */
export type ReadyJob = Pick<
  Job,
  "id" | "userId" | "priority" | "fileVersion" | "blenderVersion" | "blenderUsed" | "tasksQueued" | "reason" | "message"
> & {
  /** In the order in which it is best done. */
  work: readonly ReadyWork[];
};

/** The jobs that have a queued task, so that choosing one costs the same however many tasks wait. */
export type ReadyIndex = {
  /** Takes in what has become of a job and of its tasks that are not about rendering; null when it is gone. */
  update: (jobId: number, job: Job | null, videoTasks: readonly VideoTask[]) => void;
  /**
   * The jobs that pass `test`, the one to serve first at the front: highest priority, then the user with the fewest leases,
   * then the oldest.
   */
  inOrder: (test: (job: ReadyJob) => boolean, leasesOfUser: (userId: number | null) => number) => ReadyJob[];
  clear: () => void;
};

/** Makes an empty index. */
export function createReadyIndex(): ReadyIndex {
  const jobs = new Map<number, ReadyJob>();
  return {
    update: (jobId, job, videoTasks) => {
      const ready = job && isReady(job) ? pick(job, videoTasks) : null;
      if (ready && ready.work.length > 0) jobs.set(jobId, ready);
      else jobs.delete(jobId);
    },
    inOrder: (test, leasesOfUser) =>
      [...jobs.values()]
        .filter(test)
        .sort((a, b) => b.priority - a.priority || leasesOfUser(a.userId) - leasesOfUser(b.userId) || a.id - b.id),
    clear: () => jobs.clear(),
  };
}

function isReady(job: Job): boolean {
  return (job.status === "queued" || job.status === "running") && job.tasksQueued > 0;
}

function pick(job: Job, videoTasks: readonly VideoTask[]): ReadyJob {
  const { id, userId, priority, fileVersion, blenderVersion, blenderUsed, tasksQueued, reason, message } = job;
  const work = workOf(job, videoTasks);
  return { id, userId, priority, fileVersion, blenderVersion, blenderUsed, tasksQueued, reason, message, work };
}

/** Videos first, for all else of them is done; sound as soon as the first frame is there to be looked at. */
function workOf(job: Job, videoTasks: readonly VideoTask[]): ReadyWork[] {
  const queued = videoTasks.filter(({ status }) => status === "queued");
  const videos = queued.filter(({ kind }) => kind === "encode");
  const sound = queued.filter(({ kind }) => kind === "sound");
  const frames: ReadyWork[] = job.tasksQueued > queued.length ? [{ kind: "render", format: null }] : [];
  const works = job.framesDone > 0 ? [...videos, ...sound, ...frames] : [...videos, ...frames, ...sound];
  return works.map(({ kind, format }) => ({ kind, format }) as ReadyWork);
}
