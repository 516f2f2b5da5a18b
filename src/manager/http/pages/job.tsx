import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { userOf } from "#manager/services/callers.ts";
import { uploadsOf } from "#manager/services/downloads.ts";
import { changeJob } from "#manager/services/job-changes.ts";
import type { Farm } from "#manager/services/farm.ts";
import { framesOf } from "#manager/services/frame-views.ts";
import { jobFor, warningsOf } from "#manager/services/jobs.ts";
import { metadataOf } from "#manager/services/metadata.ts";
import type { SettingsForm } from "#web/fragments/job-settings.tsx";
import type { Reading } from "#web/fragments/scene-facts.tsx";
import { JobContent, JobPage, jobTitle } from "#web/pages/job.tsx";
import { jobParams } from "../api/schemas.ts";
import { tell } from "../errors.ts";
import { problemOf, readJobForm } from "./job-form.ts";
import { jobUrl, taskPage, type JobPart } from "./job-parts.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, isHtmx, pageBase, seeOther } from "./page-base.ts";
import { jobQuery } from "./queries.ts";

const FRAMES_PER_PAGE = 500;
const SHOWN_UPLOADS = 20;
const POLL_SECONDS = 2;

/** Everything about one job. */
export function jobPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/:id",
      ({ caller, params, query, request, set, html }) => {
        const user = userOf(caller);
        const job = jobFor(farm, user, params.id);
        if (job.status === "draft" && !isHtmx(request)) return seeOther(`/jobs/${job.id}/draft`);
        return answerLive(
          { request, set, html },
          {
            title: jobTitle(job),
            url: jobUrl(job, query),
            everySeconds: isJobEnded(job.status) ? null : POLL_SECONDS,
            content: contentOf(farm, user, job, query, null),
            page: (live) => <JobPage chrome={chromeFor(caller, "jobs")} job={job} live={live} />,
          },
        );
      },
      { who: "user", params: jobParams, query: jobQuery },
    )
    .post(
      "/jobs/:id/settings",
      async ({ caller, params, body, set, html }) => {
        const user = userOf(caller);
        const job = jobFor(farm, user, params.id);
        const { wishes, problems } = readJobForm(new Map(Object.entries(body)), job.fileName ?? "");
        try {
          if (Object.keys(problems).length > 0) throw new AppError("invalid_body", "Something needs another look.");
          await changeJob(farm, user, job, { ...wishes, autostart: job.autostart });
          return seeOther(`/jobs/${job.id}`);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          const told = Object.keys(problems).length > 0 ? problems : problemOf(error);
          const content = contentOf(farm, user, job, {}, { values: body, problems: told });
          return html(String(<JobPage chrome={chromeFor(caller, "jobs")} job={job} live={content} />));
        }
      },
      {
        who: "user",
        params: jobParams,
        body: t.Record(t.String(), t.String({ maxLength: 5000 })),
        parse: "urlencoded",
      },
    );
}

function contentOf(farm: Farm, user: User, job: Job, part: JobPart, settings: SettingsForm) {
  const uploads = uploadsOf(farm, job, { after: 0, limit: SHOWN_UPLOADS + 1 });
  return (
    <JobContent
      job={job}
      warnings={warningsOf(farm, job.id)}
      reading={readingOf(farm, job)}
      uploads={{ files: uploads.slice(0, SHOWN_UPLOADS), more: uploads.length > SHOWN_UPLOADS }}
      frames={framesOf(farm, job, { page: part.frames ?? 1, size: FRAMES_PER_PAGE })}
      tasks={taskPage(farm, job, part)}
      settings={settings}
      admin={user.admin}
      framesUrl={(frames) => jobUrl(job, { ...part, frames })}
      nowMs={farm.clock.nowMs()}
    />
  );
}

function readingOf(farm: Farm, job: Job): Reading {
  try {
    return metadataOf(farm, job);
  } catch (error) {
    if (error instanceof AppError) return { state: "failed" };
    throw error;
  }
}
