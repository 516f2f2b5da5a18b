import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import { userOf } from "#manager/services/callers.ts";
import { changeJob } from "#manager/services/job-changes.ts";
import { cancelJob, purgeJob } from "#manager/services/job-control.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor, mustGetJob, type JobWishes } from "#manager/services/jobs.ts";
import { startJob } from "#manager/services/starting.ts";
import { receiveUpload, type SentUpload } from "#manager/services/uploads.ts";
import type { FormValues } from "#web/fragments/draft-fields.tsx";
import { SubmitPage } from "#web/pages/new-job.tsx";
import { jobParams } from "../api/schemas.ts";
import { tell } from "../errors.ts";
import { receiveFormFile } from "../multipart.ts";
import { draftContent, type TypedForm } from "./draft-parts.tsx";
import { problemOf, readJobForm } from "./job-form.ts";
import { answerLive, type Answerer } from "./live.tsx";
import { chromeFor, isHtmx, pageBase, seeOther } from "./page-base.ts";

const form = t.Record(t.String(), t.String({ maxLength: 5000 }));

/** A draft: what its scene says, as a form. A job that has started is elsewhere. */
export function draftPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/:id/draft",
      async ({ caller, params, request, set, html }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        if (job.status !== "draft") return goTo(request, `/jobs/${job.id}`);
        return answerDraft(farm, { caller, request, set, html }, job, null);
      },
      { who: "user", params: jobParams },
    )
    .post(
      "/jobs/:id/draft",
      async ({ caller, params, body, request, set, html }) => {
        const user = userOf(caller);
        const job = jobFor(farm, user, params.id);
        if (job.status !== "draft") return goTo(request, `/jobs/${job.id}`);
        const isStart = body["then"] === "start";
        const problems = await save(job, body, async (wishes) => changeJob(farm, user, job, wishes));
        if (isStart && Object.keys(problems).length === 0) {
          try {
            await startJob(farm, mustGetJob(farm, job.id));
            return goTo(request, `/jobs/${job.id}`);
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            problems["form"] = error.message;
          }
        }
        const changed = mustGetJob(farm, job.id);
        if (changed.status !== "draft") return goTo(request, `/jobs/${job.id}`);
        const hasProblems = Object.keys(problems).length > 0;
        // htmx puts in what it gets only when all is well; the sentences beside the fields are the answer.
        if (hasProblems && !isHtmx(request)) set.status = tell(new AppError("invalid_body", "")).status;
        if (!hasProblems && !isHtmx(request)) return seeOther(`/jobs/${job.id}/draft`);
        const typed = hasProblems ? { values: body, problems } : null;
        return answerDraft(farm, { caller, request, set, html }, changed, typed);
      },
      { who: "user", params: jobParams, body: form, parse: "urlencoded" },
    )
    .post(
      "/jobs/:id/draft/files",
      async ({ caller, params, request, server, set, html }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        server?.timeout(request, 0);
        try {
          await receiveFormFile(request, async (file) => addFile(farm, job, file));
          return seeOther(`/jobs/${job.id}/draft`);
        } catch (error) {
          if (!(error instanceof AppError) || job.status !== "draft") throw error;
          set.status = tell(error).status;
          const typed = { values: {}, problems: problemOf(error) };
          return answerDraft(farm, { caller, request, set, html }, mustGetJob(farm, job.id), typed);
        }
      },
      { who: "user", params: jobParams, parse: "none" },
    )
    .post(
      "/jobs/:id/discard",
      async ({ caller, params, request }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        if (job.status !== "draft") return goTo(request, `/jobs/${job.id}`);
        await cancelJob(farm, job.id);
        await purgeJob(farm, mustGetJob(farm, job.id));
        return goTo(request, "/jobs");
      },
      { who: "user", params: jobParams },
    );
}

async function addFile(farm: Farm, job: Job, file: Omit<SentUpload, "size">): Promise<void> {
  if (file.name === "") throw new AppError("not_a_scene", "Choose a file first.");
  await receiveUpload(farm, job, { ...file, size: null });
}

/** Saves what will do of a form, and says beside each field what will not. */
async function save(
  job: Job,
  body: FormValues,
  change: (wishes: Partial<JobWishes>) => Promise<unknown>,
): Promise<Record<string, string>> {
  const { wishes, problems } = readJobForm(new Map(Object.entries(body)), job.fileName ?? "");
  // What the form does not show it cannot change: the choice of a scene, before there is one.
  const isShown = (name: string): boolean => name in body || (name === "autostart" && job.sceneFile === null);
  const good = Object.entries(wishes).filter(([name]) => isShown(name) && !(name in problems));
  try {
    await change(Object.fromEntries(good) as Partial<JobWishes>);
    return problems;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...problems, ...problemOf(error) };
  }
}

type Asked = Answerer & { caller: Parameters<typeof chromeFor>[0] };

async function answerDraft(farm: Farm, asked: Asked, job: Job, typed: TypedForm): Promise<unknown> {
  const { content, everySeconds } = await draftContent(farm, userOf(asked.caller), job, typed);
  return answerLive(asked, {
    title: job.name,
    url: `/jobs/${job.id}/draft`,
    everySeconds,
    content,
    page: (live) => <SubmitPage chrome={chromeFor(asked.caller, "new")} title={job.name} live={live} />,
  });
}

/** Leads to another page, also out of a part of this one. */
function goTo(request: Request, path: string): Response {
  if (!isHtmx(request)) return seeOther(path);
  return new Response(null, { status: 204, headers: { "hx-redirect": path } });
}
