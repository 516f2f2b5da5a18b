import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { isJobEnded, MAX_PRIORITY, type Job } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { userOf } from "#manager/services/callers.ts";
import { renderedScene } from "#domain/scene.ts";
import { latestPictureOf, uploadsOf } from "#manager/services/downloads.ts";
import { changeJob } from "#manager/services/job-changes.ts";
import type { Farm } from "#manager/services/farm.ts";
import { framesOf } from "#manager/services/frame-views.ts";
import { jobFor, warningsOf } from "#manager/services/jobs.ts";
import { metadataOf } from "#manager/services/metadata.ts";
import { tasksAtWork } from "#manager/services/task-filter.ts";
import { progressOf, videosOf } from "#manager/services/video-views.ts";
import { whyWaiting } from "#manager/services/why-waiting.ts";
import { jobIconUrl } from "#web/fragments/job-icon.tsx";
import type { Reading } from "#web/fragments/scene-facts.tsx";
import { JobContent, JobPage, jobTitle, type Film, type JobShown } from "#web/pages/job.tsx";
import { jobParams } from "../api/schemas.ts";
import { jobLogFromHere, readJobLogShown } from "./job-log.tsx";
import { framePage, jobUrl, logChoices, taskPage, type JobPart } from "./job-parts.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, isHtmx, pageBase, seeOther } from "./page-base.ts";
import { jobQuery } from "./queries.ts";

const SHOWN_UPLOADS = 20;
const POLL_SECONDS = 2;

/** Blender's own, for a scene that could not be read. */
const USUAL_FPS = 24;

const editForm = t.Object({
  name: t.String({ minLength: 1, maxLength: 200 }),
  priority: t.Numeric({ minimum: 0, maximum: MAX_PRIORITY, multipleOf: 1 }),
});

/** Everything about one job. */
export function jobPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/:id",
      async ({ caller, params, query, request, set, html }) => {
        const user = userOf(caller);
        const job = jobFor(farm, user, params.id);
        if (job.status === "draft" && !isHtmx(request)) return seeOther(`/jobs/${job.id}/draft`);
        const shown = shownOf(farm, user, job, query);
        const { percent } = shown.progress;
        const still = <JobContent {...shown} />;
        return answerLive(
          { request, set, html },
          {
            title: jobTitle(job, percent),
            url: jobUrl(job, query),
            everySeconds: isJobEnded(job.status) ? null : POLL_SECONDS,
            icon: jobIconUrl(job.status, percent),
            stamp: still.html,
            content: isHtmx(request) ? (
              still
            ) : (
              <JobContent {...shown} log={await readJobLogShown(farm, job, query.log)} />
            ),
            page: (live) => <JobPage chrome={chromeFor(caller, "jobs")} {...{ job, percent, live }} />,
          },
        );
      },
      { who: "user", params: jobParams, query: jobQuery },
    )
    .post(
      "/jobs/:id/edit",
      async ({ caller, params, body }) => {
        const user = userOf(caller);
        const job = jobFor(farm, user, params.id);
        await changeJob(farm, user, job, { name: body.name, ...(body.priority !== job.priority && body) });
        return seeOther(`/jobs/${job.id}`);
      },
      { who: "user", params: jobParams, body: editForm, parse: "urlencoded" },
    );
}

/** All but the log, of which the page alone has more than where it goes on. */
function shownOf(farm: Farm, user: User, job: Job, part: JobPart): JobShown {
  const uploads = uploadsOf(farm, job, { after: 0, limit: SHOWN_UPLOADS + 1 });
  const reading = readingOf(farm, job);
  const work = tasksAtWork(farm, job);
  const { at: _at, ...elsewhere } = part;
  return {
    job,
    warnings: warningsOf(farm, job.id),
    waiting: whyWaiting(farm, job),
    progress: progressOf(farm, job),
    reading,
    uploads: { files: uploads.slice(0, SHOWN_UPLOADS), more: uploads.length > SHOWN_UPLOADS },
    videos: videosOf(farm, job),
    film: filmOf(farm, job, reading, part),
    work,
    tasks: taskPage(farm, job, part),
    log: job.tasksTotal === 0 ? null : jobLogFromHere(farm, job, part.log),
    logChoices: logChoices(job, part, work),
    admin: user.admin,
    framesUrl: (frames) => jobUrl(job, { ...elsewhere, frames }),
  };
}

function filmOf(farm: Farm, job: Job, reading: Reading, part: JobPart): Film | null {
  const map = framesOf(farm, job);
  if (!map) return null;
  const scene = reading.state === "read" ? renderedScene(reading.metadata, job.scene) : null;
  return {
    map,
    page: framePage(map, part),
    latest: latestPictureOf(farm, job)?.frame ?? null,
    fps: scene ? Number((scene.fps / scene.fpsBase).toFixed(3)) : USUAL_FPS,
  };
}

function readingOf(farm: Farm, job: Job): Reading {
  try {
    return metadataOf(farm, job);
  } catch (error) {
    if (error instanceof AppError) return { state: "failed" };
    throw error;
  }
}
