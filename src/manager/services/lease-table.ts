import { LEASE_SECONDS } from "#domain/lease.ts";
import type { TaskProgress } from "#domain/progress.ts";

export type Lease = {
  taskId: number;
  attempt: number;
  jobId: number;
  userId: number | null;
  runnerId: number;
  /** On the monotonic clock, in milliseconds. */
  deadlineMs: number;
  progress: TaskProgress | null;
};

/** The leases that are held right now. Deadlines live only here: a change of the wall clock or a restart ends nobody's work. */
export type LeaseTable = {
  grant: (lease: Omit<Lease, "deadlineMs" | "progress">, nowMs: number) => Lease;
  get: (taskId: number) => Lease | null;
  drop: (taskId: number) => void;
  renew: (lease: Lease, nowMs: number) => void;
  ofRunner: (runnerId: number) => Lease[];
  ofJob: (jobId: number) => Lease[];
  /** How many leases a user's jobs hold. */
  countOfUser: (userId: number | null) => number;
  expired: (nowMs: number) => Lease[];
  /** Lengthens every lease, because the manager itself stood still. */
  lengthenAll: (byMs: number) => void;
  size: () => number;
};

/** Makes an empty table. */
export function createLeaseTable(): LeaseTable {
  const leases = new Map<number, Lease>();
  const byUser = new Map<number | null, number>();
  const count = (userId: number | null, by: number): void => void byUser.set(userId, (byUser.get(userId) ?? 0) + by);
  const drop = (taskId: number): void => {
    const lease = leases.get(taskId);
    if (!lease) return;
    leases.delete(taskId);
    count(lease.userId, -1);
  };
  const filter = (test: (lease: Lease) => boolean): Lease[] => [...leases.values()].filter(test);
  return {
    grant: (lease, nowMs) => {
      drop(lease.taskId);
      const granted = { ...lease, deadlineMs: nowMs + LEASE_SECONDS * 1000, progress: null };
      leases.set(lease.taskId, granted);
      count(lease.userId, 1);
      return granted;
    },
    get: (taskId) => leases.get(taskId) ?? null,
    drop,
    renew: (lease, nowMs) => {
      lease.deadlineMs = Math.max(lease.deadlineMs, nowMs + LEASE_SECONDS * 1000);
    },
    ofRunner: (runnerId) => filter((lease) => lease.runnerId === runnerId),
    ofJob: (jobId) => filter((lease) => lease.jobId === jobId),
    countOfUser: (userId) => byUser.get(userId) ?? 0,
    expired: (nowMs) => filter((lease) => lease.deadlineMs <= nowMs),
    lengthenAll: (byMs) => {
      for (const lease of leases.values()) lease.deadlineMs += byMs;
    },
    size: () => leases.size,
  };
}
