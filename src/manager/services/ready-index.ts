import type { Job } from "#domain/job.ts";

/** What of a job decides who may have its next task. */
export type ReadyJob = Pick<
  Job,
  "id" | "userId" | "priority" | "fileVersion" | "blenderVersion" | "blenderUsed" | "tasksQueued" | "reason" | "message"
>;

/** The jobs that have a queued task, so that choosing one costs the same however many tasks wait. */
export type ReadyIndex = {
  /** Takes in what has become of a job; null when it is gone. */
  update: (jobId: number, job: Job | null) => void;
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
    update: (jobId, job) => {
      if (job && isReady(job)) jobs.set(jobId, pick(job));
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

function pick(job: Job): ReadyJob {
  const { id, userId, priority, fileVersion, blenderVersion, blenderUsed, tasksQueued, reason, message } = job;
  return { id, userId, priority, fileVersion, blenderVersion, blenderUsed, tasksQueued, reason, message };
}
