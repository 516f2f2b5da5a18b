import type { Child } from "#jsx/jsx-runtime";
import { AdminLayout } from "#web/admin-layout.tsx";
import type { Chrome } from "#web/chrome.ts";
import { Live } from "#web/components/live.tsx";
import { Plot, type Point } from "#web/components/plot.tsx";
import { ShareTable } from "#web/components/share-table.tsx";
import { Storage, type StorageShown } from "#web/fragments/storage.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellDuration } from "#web/words/duration.ts";
import { tellReason } from "#web/words/failure.ts";
import { tellSize } from "#web/words/size.ts";

type Sample = {
  atMs: number;
  runnersOnline: number;
  runnersBusy: number;
  tasksQueued: number;
  framesLeft: number;
  storedBytes: number;
};
type Share = { id: number | null; name: string | null; frames: number };

export type StatsShown = {
  framesPerHour: number;
  queue: { jobs: number; tasksQueued: number; tasksLeased: number; framesLeft: number };
  runnersNow: { total: number; online: number; busy: number };
  storage: StorageShown;
  stepHours: number;
  steps: readonly { startMs: number; frames: number; failures: number }[];
  samples: readonly Sample[];
  failures: readonly { reason: string; count: number }[];
  users: readonly Share[];
  runners: readonly (Share & { busySeconds: number })[];
};

export const RANGES = [
  ["day", "24 hours"],
  ["week", "7 days"],
  ["month", "31 days"],
] as const;
export type RangeName = (typeof RANGES)[number][0];

/** How the farm does; `live` is its `StatsContent`. */
export function StatsPage({ chrome, range, live }: { chrome: Chrome; range: RangeName; live: Child }) {
  const choice = (
    <nav class="tabs" aria-label="How far back">
      {RANGES.map(([name, text]) => (
        <a href={`/admin/stats?range=${name}`} aria-current={name === range ? "true" : null}>
          {text}
        </a>
      ))}
    </nav>
  );
  return (
    <AdminLayout chrome={chrome} page="stats" title="Stats" heading={choice}>
      <Live content={live} />
    </AdminLayout>
  );
}

/** The part of the page that changes. */
export function StatsContent({ shown }: { shown: StatsShown }) {
  const { queue, runnersNow, samples, failures, users, runners, storage } = shown;
  const over = (value: (sample: Sample) => number | null): Point[] =>
    samples.map((sample) => ({ atMs: sample.atMs, value: value(sample) }));
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="plots">
      <FramesPlot shown={shown} />
      <Plot
        id="utilization"
        title="Runners at work"
        now={`${tellNumber(runnersNow.busy)} of ${tellNumber(runnersNow.online)} now`}
        kind="line"
        tone="working"
        most={100}
        points={over(({ runnersOnline, runnersBusy }) =>
          runnersOnline === 0 ? null : (100 * runnersBusy) / runnersOnline,
        )}
        tell={(value) => `${Math.round(value)} %`}
      />
      <Plot
        id="queue"
        title="Tasks that wait"
        now={`${tellNumber(queue.tasksQueued)} now, of ${tellCount(queue.jobs, "job")}`}
        kind="line"
        tone="waiting"
        points={over(({ tasksQueued }) => tasksQueued)}
        tell={tellAbout}
      />
      <Plot
        id="failures"
        title="Failures"
        now={tellCount(failed, "failure")}
        kind="bars"
        tone="failed"
        points={shown.steps.map((step) => ({ atMs: step.startMs, value: step.failures }))}
        tell={tellAbout}
      />
      <ShareTable
        id="reasons"
        title="Failures by reason"
        none="Nothing has failed."
        rows={failures.map(({ reason, count }) => ({
          name: tellReason(reason),
          href: null,
          value: count,
          told: tellNumber(count),
        }))}
      />
      <Storage storage={storage} />
      <Plot
        id="stored"
        title="Stored"
        now={tellSize(samples.at(-1)?.storedBytes ?? 0)}
        kind="line"
        tone="draft"
        points={over(({ storedBytes }) => storedBytes)}
        tell={tellSize}
      />
      <ShareTable
        id="by-runner"
        title="Frames by runner"
        none="No runner has rendered anything."
        rows={runners.map(({ id, name, frames, busySeconds }) => ({
          name: name ?? "one that is gone",
          href: name === null ? null : `/runners/${id}`,
          value: frames,
          told: `${tellNumber(frames)} in ${tellDuration(busySeconds)}`,
        }))}
      />
      <ShareTable
        id="by-user"
        title="Frames by user"
        none="Nothing was rendered for anybody."
        rows={users.map(({ id, name, frames }) => ({
          name: name ?? "nobody any more",
          href: id === null ? null : `/admin/users/${id}`,
          value: frames,
          told: tellNumber(frames),
        }))}
      />
    </div>
  );
}

/** What a step of several hours had is told by the hour. */
function FramesPlot({ shown: { steps, stepHours, framesPerHour } }: { shown: StatsShown }) {
  return (
    <Plot
      id="frames"
      title="Frames per hour"
      now={`${tellNumber(framesPerHour)} in the last hour`}
      kind="bars"
      tone="done"
      points={steps.map((step) => ({ atMs: step.startMs, value: step.frames / stepHours }))}
      tell={tellAbout}
    />
  );
}

/** A mean with no more digits than it deserves. */
function tellAbout(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : tellNumber(Math.round(value));
}
