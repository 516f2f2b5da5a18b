import type { FrameState } from "#domain/frame-state.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { Task } from "#domain/task.ts";
import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Badge } from "#web/components/badge.tsx";
import { Facts } from "#web/components/facts.tsx";
import { Live } from "#web/components/live.tsx";
import { Moment, Since } from "#web/components/moment.tsx";
import { Pager } from "#web/components/pager.tsx";
import { framePictureUrl } from "#web/fragments/job-files.tsx";
import { FileList } from "#web/fragments/job-outputs.tsx";
import { Why } from "#web/fragments/task-table.tsx";
import { Layout } from "#web/layout.tsx";
import { tellDuration } from "#web/words/duration.ts";
import { FRAME_WORDS, TASK_STATUS } from "#web/words/status.ts";
import { taskName } from "#web/words/task.ts";
import type { AttemptRow } from "./task.tsx";

export type FrameShown = {
  job: Job;
  frame: number;
  state: FrameState;
  /** The frame's own picture first, then what else belongs to it. */
  files: readonly StoredFile[];
  task: Task | null;
  attempt: AttemptRow | null;
  seconds: number | null;
  /** The neighbours in the job; null at its ends. */
  before: number | null;
  after: number | null;
};

/** One frame of a job, large; `live` is its `FrameContent`. */
export function FramePage({ chrome, shown, live }: { chrome: Chrome; shown: FrameShown; live: Child }) {
  const { job, frame, before, after } = shown;
  const link = (to: number | null) =>
    to === null ? null : { href: `/jobs/${job.id}/frames/${to}`, text: `Frame ${to}` };
  return (
    <Layout chrome={chrome} title={frameTitle(shown)}>
      <div class="heading" data-arrows>
        <h1>
          <span class="crumbs">
            <a href="/jobs">Jobs</a>
            <a href={`/jobs/${job.id}#f${frame}`}>{job.name}</a>
          </span>
          Frame {frame}
        </h1>
        <Pager label="Frames" back={link(before)} on={link(after)} />
      </div>
      <Live content={live} />
    </Layout>
  );
}

/** What the browser's tab says of a frame. */
export function frameTitle({ frame, job }: Pick<FrameShown, "frame" | "job">): string {
  return `Frame ${frame} of ${job.name}`;
}

/** The part of the page that changes. */
export function FrameContent({ shown }: { shown: FrameShown }) {
  const { job, frame, files, state } = shown;
  return (
    <div class="frame">
      {files[0] ? (
        <Picture frame={frame} job={job} />
      ) : (
        <p class="hole">
          <span class={`badge ${state}`}>
            Frame {frame}: {FRAME_WORDS[state]}
          </span>
        </p>
      )}
      <FrameFacts shown={shown} />
    </div>
  );
}

/** The size is told beforehand, so that nothing moves when the picture arrives. */
function Picture({ frame, job: { id, width, height } }: { frame: number; job: Job }) {
  const large = framePictureUrl(id, frame, "large");
  return (
    <a class="picture" href={large}>
      <img
        src={framePictureUrl(id, frame)}
        srcset={`${framePictureUrl(id, frame)} 960w, ${large} 1920w`}
        sizes="(min-width: 64rem) 75vw, 100vw"
        alt={`Frame ${frame}`}
        width={width}
        height={height}
      />
    </a>
  );
}

function FrameFacts({ shown: { files, task, attempt, seconds, job } }: { shown: FrameShown }) {
  const filedAtMs = files[0]?.createdAtMs;
  const runs = attempt?.outcome === "running" ? attempt.startedAtMs : null;
  return (
    <aside class="panel">
      {files.length > 0 && <FileList files={files} />}
      {task && (
        <Facts
          of={[
            ["Task", <a href={`/jobs/${job.id}/tasks/${task.id}`}>{taskName(task)}</a>],
            ["Status", <Badge told={TASK_STATUS[task.status]} />],
            ["Runner", attempt?.runnerName],
            ["Took", seconds !== null && tellDuration(seconds)],
            ["Running", runs !== null && <Since atMs={runs} />],
            ["Filed", filedAtMs !== undefined && <Moment atMs={filedAtMs} />],
            ["Attempt", attempt && `${attempt.attempt}${task.attempt > 1 ? ` of ${task.attempt}` : ""}`],
          ]}
        />
      )}
      {task?.reason && (
        <p>
          <Why reason={task.reason} message={task.message} />
        </p>
      )}
      {task && attempt && (
        <p>
          <a class="button" href={`/jobs/${job.id}/tasks/${task.id}?attempt=${attempt.attempt}#log`}>
            {attempt.outcome === "running" ? "Read its log as it grows" : "Read its log"}
          </a>
        </p>
      )}
    </aside>
  );
}
