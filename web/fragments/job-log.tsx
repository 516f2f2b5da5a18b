import type { Job } from "#domain/job.ts";
import { Tabs, type Tab } from "#web/components/tabs.tsx";
import { Log, type LogPiece } from "./log.tsx";

export type JobLogShown = {
  /** Changes when what is shown is another log altogether; else its reader keeps what is there. */
  key: string;
  piece: LogPiece;
};

type Props = {
  job: Job;
  log: JobLogShown;
  /** The logs that can be followed, where there are several. */
  choices: readonly Tab[];
};

/** What is said while the job is rendered, beside what it looks like. Its content is `logs.js`'s and htmx's own. */
export function JobLog({ job, log: { key, piece }, choices }: Props) {
  const isOver = job.status === "completed" || job.status === "canceled";
  return (
    <details class="panel job-log" id="job-log" open={!isOver}>
      <summary>
        <h2>Log</h2>
      </summary>
      {choices.length > 0 && <Tabs label="Whose log" tabs={choices} />}
      <section id={key} aria-label="Log of the job" data-own>
        <Log piece={piece} tail />
        <p class="hint nothing">Nothing has been said yet. It stands here as soon as a runner is at work.</p>
        <button type="button" class="to-end with-script" data-to-end hidden>
          Follow the end
        </button>
      </section>
    </details>
  );
}
