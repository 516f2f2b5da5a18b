import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { MAX_PRIORITY, JOB_STATUSES } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { userOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { listJobsFor, type JobList, type ListedState } from "#manager/services/job-lists.ts";
import { changeManyJobs, JOB_ACTIONS } from "#manager/services/many-jobs.ts";
import { countRunners } from "#manager/services/runner-views.ts";
import { framesPerHour } from "#manager/services/stats.ts";
import { oneOf } from "#protocol/one-of.ts";
import type { Tab } from "#web/components/tabs.tsx";
import { JobsContent, JobsPage, ManyResult } from "#web/pages/jobs.tsx";
import { tellDoneToMany } from "#web/words/many.ts";
import { JOB_STATUS } from "#web/words/status.ts";
import { answerLive, type LivePage } from "./live.tsx";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";
import { jobsQuery } from "./queries.ts";

const JOBS_PER_PAGE = 50;
const POLL_SECONDS = 3;

type Wanted = (typeof jobsQuery)["static"];

const manyForm = t.Object({
  action: oneOf(JOB_ACTIONS),
  job: t.Optional(t.Union([t.String({ pattern: "^\\d{1,15}$" }), t.Array(t.String({ pattern: "^\\d{1,15}$" }))])),
  priority: t.Optional(t.String({ maxLength: 20 })),
});

/** The list of jobs, which is also what one sees first. */
export function jobListPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get("/", () => seeOther("/jobs"))
    .get(
      "/jobs",
      ({ caller, query, request, set, html }) =>
        answerLive({ request, set, html }, livePage(farm, caller, query, null)),
      { who: "user", query: jobsQuery },
    )
    .get("/jobs/many", ({ query }) => seeOther(urlOf("/jobs", query)), { who: "user", query: jobsQuery })
    .post(
      "/jobs/many",
      async ({ caller, query, body, request, set, html }) => {
        const sentence = await doToMany(farm, userOf(caller), body);
        return answerLive({ request, set, html }, livePage(farm, caller, query, sentence));
      },
      { who: "user", query: jobsQuery, body: manyForm, parse: "urlencoded" },
    );
}

function livePage(farm: Farm, caller: Caller, wanted: Wanted, result: string | null): LivePage {
  const user = userOf(caller);
  const { state = null, q = "" } = wanted;
  const list = listJobsFor(farm, user, { state, text: q.trim(), page: wanted.page ?? 1, size: JOBS_PER_PAGE });
  const content = (
    <JobsContent
      jobs={list.jobs}
      tabs={tabsOf(list, wanted)}
      farm={{ ...countRunners(farm, user), framesPerHour: framesPerHour(farm) }}
      nowMs={farm.clock.nowMs()}
      everyones={user.admin}
      page={list.page}
      pages={list.pages}
      filtered={state !== null || q !== ""}
      pageUrl={(page) => urlOf("/jobs", { ...wanted, page })}
      manyUrl={urlOf("/jobs/many", wanted)}
    />
  );
  const chrome = chromeFor(caller, "jobs");
  return {
    title: "Jobs",
    url: urlOf("/jobs", wanted),
    everySeconds: POLL_SECONDS,
    content,
    ...(result !== null && { beside: <ManyResult sentence={result} beside /> }),
    page: (live) => <JobsPage chrome={chrome} search={{ text: q, state }} live={live} result={result} />,
  };
}

/** Does to each of the chosen jobs what was asked for; says in a sentence what became of it. */
async function doToMany(farm: Farm, user: User, form: (typeof manyForm)["static"]): Promise<string> {
  const ids = [form.job ?? []].flat().map(Number);
  if (ids.length === 0) return "No job was chosen: tick the boxes of those that are meant.";
  const priority = form.action === "prioritize" ? readPriority(form.priority) : null;
  const { done, refused } = await changeManyJobs(farm, user, { action: form.action, ids, priority });
  return tellDoneToMany({
    action: form.action,
    done: done.length,
    refused: refused.map(({ message }) => message),
  });
}

function readPriority(text = ""): number {
  const priority = /^\d{1,3}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(priority <= MAX_PRIORITY))
    throw new AppError("bad_request", `A priority is a whole number from 0 to ${MAX_PRIORITY}.`);
  return priority;
}

/** Those states that some job is in, and the one that is shown. */
function tabsOf({ counts }: JobList, wanted: Wanted): Tab[] {
  const tab = (state: ListedState | "all", text: string): Tab[] => {
    const count = counts.get(state) ?? 0;
    const current = (wanted.state ?? "all") === state;
    if (count === 0 && !current && state !== "all") return [];
    const { page: _page, state: _state, ...rest } = wanted;
    return [{ text, count, current, url: urlOf("/jobs", { ...rest, ...(state !== "all" && { state }) }) }];
  };
  return [
    ...tab("all", "All"),
    ...tab("active", "Active"),
    ...JOB_STATUSES.flatMap((status) => tab(status, JOB_STATUS[status].text)),
  ];
}

/** An address with what of a list is wanted; what is left out goes without saying. */
function urlOf(path: string, { state, q, page }: Wanted): string {
  const query = new URLSearchParams();
  if (state) query.set("state", state);
  if (q) query.set("q", q);
  if (page && page > 1) query.set("page", String(page));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
