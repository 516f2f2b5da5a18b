import type { Job } from "#domain/job.ts";
import type { Warning } from "#domain/warning.ts";
import { Notice } from "#web/components/notice.tsx";
import { tellCount } from "#web/words/count.ts";
import { adviceFor, tellReason } from "#web/words/failure.ts";

/** More warnings than this are folded away. */
const SHOWN_WARNINGS = 5;

/** Why a job does not go on, with advice, and what will make its picture differ from the artist's own. */
export function JobTrouble({ job, warnings }: { job: Job; warnings: readonly Warning[] }) {
  return (
    <>
      {(job.reason ?? job.message) !== null && <WhyNot job={job} />}
      {warnings.length > 0 && <Warnings warnings={warnings} />}
    </>
  );
}

function WhyNot({ job }: { job: Job }) {
  const advice = job.reason === null ? null : adviceFor(job.reason);
  return (
    <Notice kind={job.status === "failed" ? "bad" : "warn"}>
      {job.reason && <b class="reason">{tellReason(job.reason)}</b>}
      {job.message && <p class="said">{job.message}</p>}
      {advice && <p>{advice}</p>}
    </Notice>
  );
}

function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const rest = warnings.slice(SHOWN_WARNINGS);
  return (
    <Notice kind="warn">
      <WarningList warnings={warnings.slice(0, SHOWN_WARNINGS)} />
      {rest.length > 0 && (
        <details id="more-warnings">
          <summary>{tellCount(rest.length, "more warning")}</summary>
          <WarningList warnings={rest} />
        </details>
      )}
    </Notice>
  );
}

function WarningList({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <ul>
      {warnings.map((warning) => (
        <li>{warning.message}</li>
      ))}
    </ul>
  );
}
