import type { Database } from "bun:sqlite";
import type { GroupCommit } from "#manager/db/group-commit.ts";
import { getJob } from "#manager/db/jobs.ts";
import type { Clock } from "#system/clock.ts";

/**
 * That something of a job has changed. What it has become is read when somebody is told, so that an event says of itself only which
 * thing it is about; of a log, how long it has become in bytes.
 */
export type Change = { jobId: number } & (
  | { type: "job" }
  | { type: "task"; taskId: number }
  | { type: "output"; fileId: number }
  | { type: "log"; taskId: number; attempt: number; size: number }
);

/** A change with its place in the farm's history and the owner of its job, who alone may see it beside the admins. */
export type FarmEvent = Change & { seq: number; userId: number | null };

/**
 * The latest events of the farm. Who listens keeps no queue, only the sequence number it has come to: what is kept here is all that
 * there is, however many listen and however slow they are.
 */
export type FarmEvents = {
  publish: (change: Change, userId: number | null) => void;
  /** The sequence number of the latest event. */
  latest: () => number;
  /** Whether all events after `seq` are still kept. A number of another run of the manager never is. */
  keeps: (seq: number) => boolean;
  /** The first event after `seq` that no newer one of the same thing has overtaken; null where there is none. */
  next: (seq: number) => FarmEvent | null;
  /** Calls `hear` after every event, until the function that is returned is called. */
  listen: (hear: () => void) => () => void;
};

/** What of a farm is needed to tell that something has changed. */
type Teller = { db: Database; commit: GroupCommit; events: FarmEvents };

/** Minutes of a busy farm: a client that was away for longer reads everything anew. */
const KEPT_EVENTS = 10_000;

/** Sequence numbers go on from the time of the start, so that those of an earlier run are all smaller than any of this one. */
const NUMBERS_PER_MS = 1000;

/** Makes a history without events. */
export function createEvents(clock: Pick<Clock, "nowMs">, kept = KEPT_EVENTS): FarmEvents {
  const first = Math.floor(clock.nowMs()) * NUMBERS_PER_MS;
  const ring = new Array<FarmEvent | undefined>(kept);
  const newest = new Map<string, number>();
  const hearers = new Set<() => void>();
  let latest = first;
  const at = (seq: number) => ring[seq % kept];
  const forget = (event: FarmEvent | undefined): void => {
    if (event && newest.get(subject(event)) === event.seq) newest.delete(subject(event));
  };
  return {
    publish: (change, userId) => {
      latest += 1;
      forget(at(latest));
      const event = { ...change, seq: latest, userId };
      ring[latest % kept] = event;
      newest.set(subject(event), latest);
      for (const hear of hearers) hear();
    },
    latest: () => latest,
    keeps: (seq) => seq <= latest && seq >= Math.max(first, latest - kept),
    next: (after) => {
      for (let seq = Math.max(after, latest - kept) + 1; seq <= latest; seq++) {
        const event = at(seq);
        if (event && newest.get(subject(event)) === seq) return event;
      }
      return null;
    },
    listen: (hear) => {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
}

/** Tells of a change once it is safely on disk, and never of one that was rolled back. */
export function tellOf(farm: Teller, change: Change): void {
  farm.commit.afterCommit(() => {
    const job = getJob(farm.db, change.jobId);
    if (job) farm.events.publish(change, job.userId);
  });
}

function subject(event: FarmEvent): string {
  if (event.type === "job") return `job ${event.jobId}`;
  if (event.type === "output") return `output ${event.fileId}`;
  return event.type === "task" ? `task ${event.taskId}` : `log ${event.taskId}.${event.attempt}`;
}
