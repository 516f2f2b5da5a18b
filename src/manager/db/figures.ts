import type { Database } from "bun:sqlite";

export const HOUR_MS = 3_600_000;

/** What the farm has in all; kept by triggers. `framesFiled` and `bytesFiled` only grow. */
export type Totals = {
  uploadBytes: number;
  frameBytes: number;
  videoBytes: number;
  framesFiled: number;
  bytesFiled: number;
};

/** The farm's totals. */
export function getTotals(db: Database): Totals {
  const rows = db.query<{ name: string; value: number }, []>("SELECT name, value FROM totals").all();
  const of = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0;
  return {
    uploadBytes: of("upload_bytes"),
    frameBytes: of("frame_bytes"),
    videoBytes: of("video_bytes"),
    framesFiled: of("frames_filed"),
    bytesFiled: of("bytes_filed"),
  };
}

type Figure = "user_frames" | "runner_frames" | "runner_busy_ms" | "failures";
export type HourlyFigure = { hour: number; figure: Figure; subject: string; value: number };

/** Counts a frame that a runner has rendered in the hour of `nowMs`. */
export function addHourlyRunnerFrame(db: Database, runnerId: number, nowMs: number): void {
  db.query(
    `INSERT INTO hourly (hour, figure, subject, value) VALUES (?, 'runner_frames', ?, 1)
     ON CONFLICT DO UPDATE SET value = value + 1`,
  ).run(Math.floor(nowMs / HOUR_MS), String(runnerId));
}

/** The sums of each hour from `hour` (hours since 1970) on. */
export function listHourly(db: Database, hour: number): HourlyFigure[] {
  return db
    .query<HourlyFigure, [number]>("SELECT hour, figure, subject, value FROM hourly WHERE hour >= ? ORDER BY hour")
    .all(hour);
}

/** What each runner has done from `hour` on, of those that have filed frames. */
export function listRunnerHours(db: Database, hour: number): { runnerId: number; busyMs: number; frames: number }[] {
  return db
    .query<{ runnerId: number; busyMs: number; frames: number }, [number]>(
      `SELECT CAST(subject AS INTEGER) AS runnerId, SUM(value) FILTER (WHERE figure = 'runner_busy_ms') AS busyMs,
         SUM(value) FILTER (WHERE figure = 'runner_frames') AS frames
       FROM hourly WHERE hour >= ? AND figure IN ('runner_busy_ms', 'runner_frames') GROUP BY subject
       HAVING busyMs > 0 AND frames > 0`,
    )
    .all(hour);
}

/** Forgets the hours before `hour`. */
export function deleteHourlyBefore(db: Database, hour: number): void {
  db.query("DELETE FROM hourly WHERE hour < ?").run(hour);
}

export type Queue = { jobs: number; tasksQueued: number; tasksLeased: number; framesLeft: number };

/** What is to be done, of the jobs that are not ended. */
export function getQueue(db: Database): Queue {
  const row = db
    .query<Queue, []>(
      `SELECT COUNT(*) AS jobs, COALESCE(SUM(tasks_queued), 0) AS tasksQueued, COALESCE(SUM(tasks_leased), 0) AS tasksLeased,
         COALESCE(SUM(frames_total - frames_done), 0) AS framesLeft
       FROM jobs INDEXED BY jobs_active WHERE status IN ('draft', 'queued', 'running', 'paused')`,
    )
    .get();
  return row!;
}
