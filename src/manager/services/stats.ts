import { statfs } from "node:fs/promises";
import { allUsers } from "./accounts.ts";
import {
  getQueue,
  getTotals,
  HOUR_MS,
  listHourly,
  type HourlyFigure,
  type Queue,
  type Totals,
} from "#manager/db/figures.ts";
import type { Farm } from "./farm.ts";

/** How far back shares and failures are summed up. */
const SHARE_HOURS = 24;

export type Share = { id: number | null; name: string | null; frames: number };

export type Stats = {
  queue: Queue;
  runners: { total: number; online: number; busy: number; utilization: number };
  /** Frames filed in the last sixty minutes, as far as full hours tell. */
  framesPerHour: number;
  /** The last 24 hours: frames and failures of each hour, and whose they were. */
  hours: { startMs: number; frames: number; failures: number }[];
  failures: Record<string, number>;
  users: Share[];
  runnerShares: (Share & { busySeconds: number })[];
  storage: Totals & { freeBytes: number; totalBytes: number };
};

/** How the farm does; from counters alone, so that it costs the same however much the farm has done. */
export async function farmStats(farm: Farm): Promise<Stats> {
  const nowMs = farm.clock.nowMs();
  const thisHour = Math.floor(nowMs / HOUR_MS);
  const figures = listHourly(farm.db, thisHour - SHARE_HOURS + 1);
  const frames = (hour: number) => sum(figures, "user_frames", (one) => one.hour === hour);
  return {
    queue: getQueue(farm.db),
    runners: runnersNow(farm),
    framesPerHour: framesPerHour(farm),
    hours: Array.from({ length: SHARE_HOURS }, (_, i) => thisHour - SHARE_HOURS + 1 + i).map((hour) => ({
      startMs: hour * HOUR_MS,
      frames: frames(hour),
      failures: sum(figures, "failures", (one) => one.hour === hour),
    })),
    failures: bySubject(figures, "failures"),
    users: userShares(farm, figures),
    runnerShares: runnerShares(farm, figures),
    storage: { ...getTotals(farm.db), ...(await storageSpace(farm)) },
  };
}

/** Frames filed in the last sixty minutes, as far as full hours tell: of this hour all, of the one before the part that is not over yet. */
export function framesPerHour(farm: Farm): number {
  const nowMs = farm.clock.nowMs();
  const thisHour = Math.floor(nowMs / HOUR_MS);
  const figures = listHourly(farm.db, thisHour - 1);
  const frames = (hour: number) => sum(figures, "user_frames", (one) => one.hour === hour);
  const past = (nowMs % HOUR_MS) / HOUR_MS;
  return Math.round(frames(thisHour) + frames(thisHour - 1) * (1 - past));
}

/** Room on the disk of the storage, in bytes; what only root could still write is not free. */
export async function storageSpace(farm: Farm): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(farm.storage.root);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** How many runners there are, and how many of them work. */
export function runnersNow(farm: Farm): Stats["runners"] {
  const all = farm.runners.all();
  const online = all.filter(({ status }) => status === "online" || status === "draining");
  const busy = online.filter(({ id }) => farm.leases.ofRunner(id).length > 0).length;
  return {
    total: all.length,
    online: online.length,
    busy,
    utilization: online.length === 0 ? 0 : busy / online.length,
  };
}

/** The frames of each user's jobs, the most first; users who are gone have no name. */
export function userShares(farm: Farm, figures: readonly HourlyFigure[]): Share[] {
  const names = new Map(allUsers(farm).map((user) => [String(user.id), user.name]));
  return Object.entries(bySubject(figures, "user_frames"))
    .map(([id, frames]) => ({ id: names.has(id) ? Number(id) : null, name: names.get(id) ?? null, frames }))
    .sort((a, b) => b.frames - a.frames);
}

/** The frames of each runner, the most first, and the time that it had leases. */
export function runnerShares(farm: Farm, figures: readonly HourlyFigure[]): Stats["runnerShares"] {
  const frames = bySubject(figures, "runner_frames");
  const busy = bySubject(figures, "runner_busy_ms");
  const ids = new Set([...Object.keys(frames), ...Object.keys(busy)]);
  return [...ids]
    .map((id) => ({
      id: Number(id),
      name: farm.runners.get(Number(id))?.name ?? null,
      frames: frames[id] ?? 0,
      busySeconds: Math.round((busy[id] ?? 0) / 1000),
    }))
    .sort((a, b) => b.frames - a.frames);
}

/** The sums of a figure by what it is about. */
export function bySubject(figures: readonly HourlyFigure[], figure: HourlyFigure["figure"]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of figures) if (one.figure === figure) sums[one.subject] = (sums[one.subject] ?? 0) + one.value;
  return sums;
}

function sum(
  figures: readonly HourlyFigure[],
  figure: HourlyFigure["figure"],
  test: (one: HourlyFigure) => boolean,
): number {
  return figures.reduce((total, one) => total + (one.figure === figure && test(one) ? one.value : 0), 0);
}
