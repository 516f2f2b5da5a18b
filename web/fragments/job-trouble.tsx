import type { Job } from "#domain/job.ts";
import type { Warning } from "#domain/warning.ts";
import { Notice } from "#web/components/notice.tsx";
import { adviceFor, tellReason } from "#web/words/failure.ts";
import { Warnings } from "./warnings.tsx";

/** More warnings than this are folded away. */
const SHOWN_WARNINGS = 5;

/** Why a job does not go on, with advice, and what will make its picture differ from the artist's own. */
export function JobTrouble({ job, warnings }: { job: Job; warnings: readonly Warning[] }) {
  return (
    <>
      {(job.reason ?? job.message) !== null && <WhyNot job={job} />}
      {warnings.length > 0 && <Warnings warnings={warnings} shown={SHOWN_WARNINGS} />}
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
