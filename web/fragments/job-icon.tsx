import { isJobEnded, type JobStatus } from "#domain/job.ts";
import type { Safe } from "#jsx/jsx-runtime";

/** In tabs the ground may be dark or light, so that these stand out from both. */
const COLOURS: Record<JobStatus, string> = {
  draft: "#a98be8",
  queued: "#8a97ab",
  running: "#4a9df0",
  paused: "#d9a827",
  completed: "#3fb57c",
  failed: "#ec6a5e",
  canceled: "#8a93a2",
};

const RADIUS = 12;
const ROUND = 2 * Math.PI * RADIUS;

/** How far the ring goes is told in steps, so that a browser fetches few of them. */
const STEP_PERCENT = 5;

/** The address of the icon for a job's tab: its colour says the state, its ring how much is done. */
export function jobIconUrl(status: JobStatus, percent: number): string {
  const shown = isJobEnded(status) ? 100 : percent;
  return `/icons/${status}-${Math.floor(shown / STEP_PERCENT) * STEP_PERCENT}.svg`;
}

/** A ring that is closed so far, in the colour of a state. */
export function JobIcon({ status, percent }: { status: JobStatus; percent: number }): Safe {
  const done = (ROUND * percent) / 100;
  const ring = { cx: 16, cy: 16, r: RADIUS, fill: "none", "stroke-width": 7 };
  return (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
      <circle {...ring} stroke={COLOURS[status]} stroke-opacity="0.35" />
      {done > 0 && (
        <circle
          {...ring}
          stroke={COLOURS[status]}
          stroke-dasharray={`${done.toFixed(2)} ${ROUND.toFixed(2)}`}
          transform="rotate(-90 16 16)"
        />
      )}
    </svg>
  );
}
