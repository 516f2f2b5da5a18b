import { Elysia } from "elysia";
import type { Job } from "#domain/job.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { beginLog, readJobLog, type JobLogPiece, type LogPlace } from "#manager/services/job-logs.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { taskOf } from "#manager/services/task-views.ts";
import type { JobLogShown } from "#web/fragments/job-log.tsx";
import { LogTail, type LogPiece } from "#web/fragments/log.tsx";
import { taskName } from "#web/words/task.ts";
import { jobParams } from "../api/schemas.ts";
import { pageBase } from "./page-base.ts";
import { jobLogQuery } from "./queries.ts";

/** How the log on the page of a job goes on. */
export function jobLogPages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/jobs/:id/log",
    async ({ caller, params, query, set, html }) => {
      const job = jobFor(farm, userOf(caller), params.id);
      const { task: taskId, attempt, after = 0, waits } = query;
      const place = taskId === undefined || attempt === undefined ? null : { taskId, attempt, after };
      const read = await readJobLog(farm, job, place);
      const waited = waits === "true";
      if (read.text !== "" || read.begins || read.goesOn === waited)
        return html(String(<LogTail piece={pieceOf(job, read)} />));
      set.status = 204;
      return undefined;
    },
    { who: "user", params: jobParams, query: jobLogQuery },
  );
}

/** The end of the log of a job, or of one of its tasks. */
export async function readJobLogShown(farm: Farm, job: Job, taskId: number | undefined): Promise<JobLogShown> {
  const here = jobLogFromHere(farm, job, taskId);
  if (taskId === undefined) return { ...here, piece: pieceOf(job, await readJobLog(farm, job, null)) };
  const attempt = taskOf(farm, job, taskId).attempts.at(-1);
  if (!attempt) return here;
  const read = await beginLog(farm, attempt);
  return { ...here, piece: { ...pieceOf(job, read), nextUrl: read.goesOn ? taskLogUrl(job, read.place!) : null } };
}

/** The same for a page that has it: where it goes on, should it turn to another log. */
export function jobLogFromHere(farm: Farm, job: Job, taskId: number | undefined): JobLogShown {
  if (taskId === undefined) return { key: "log-of-newest", piece: { text: "", nextUrl: jobLogUrl(job, null, false) } };
  const { attempt } = taskOf(farm, job, taskId);
  const nextUrl = taskLogUrl(job, { taskId, attempt, after: 0 });
  return { key: `log-of-${taskId}-${attempt}`, piece: { text: "", nextUrl } };
}

function pieceOf(job: Job, { begins, text, place, goesOn }: JobLogPiece): LogPiece {
  return { title: begins && titleOf(job, begins), text, nextUrl: jobLogUrl(job, place, !goesOn), waits: !goesOn };
}

function titleOf(job: Job, { task, attempt: { attempt, runnerName } }: NonNullable<JobLogPiece["begins"]>) {
  return { text: taskName(task), url: `/jobs/${job.id}/tasks/${task.id}?attempt=${attempt}#log`, by: runnerName };
}

function jobLogUrl(job: Job, place: LogPlace | null, waits: boolean): string {
  const read = place ? [`task=${place.taskId}`, `attempt=${place.attempt}`, `after=${place.after}`] : [];
  const query = [...read, ...(waits ? ["waits=true"] : [])].join("&");
  return query === "" ? `/jobs/${job.id}/log` : `/jobs/${job.id}/log?${query}`;
}

function taskLogUrl(job: Job, { taskId, attempt, after }: LogPlace): string {
  return `/jobs/${job.id}/tasks/${taskId}/log?attempt=${attempt}&after=${after}`;
}
