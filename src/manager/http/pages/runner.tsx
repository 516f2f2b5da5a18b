import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { changeRunner, removeRunner, type RunnerChange } from "#manager/services/managing-runners.ts";
import { attemptsOfRunner, runnerFor } from "#manager/services/runner-views.ts";
import { oneOf } from "#protocol/one-of.ts";
import { RunnerContent, RunnerPage } from "#web/pages/runner.tsx";
import { idParams } from "../api/account-schemas.ts";
import { tell } from "../errors.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

const POLL_SECONDS = 3;
const SHOWN_ATTEMPTS = 50;

/** The buttons of a runner: each changes one thing. */
const CHANGES: Record<string, RunnerChange> = {
  drain: { draining: true },
  resume: { draining: false },
  disable: { disabled: true },
  enable: { disabled: false },
};

/** Where a button was pressed, to lead back there. */
const actionQuery = t.Object({ from: t.Optional(oneOf(["list"])) });

/** One runner, and what can be done with it: by its owner, and by admins. */
export function runnerPages(farm: Farm) {
  const who = "user" as const;
  const pages = new Elysia().use(pageBase(farm));
  for (const [name, change] of Object.entries(CHANGES))
    pages.post(
      `/runners/:id/${name}`,
      async ({ caller, params, query }) => {
        const { id } = runnerFor(farm, userOf(caller), params.id);
        await changeRunner(farm, id, change);
        return seeOther(query.from === "list" ? "/runners" : `/runners/${id}`);
      },
      { who, params: idParams, query: actionQuery },
    );
  return pages
    .get(
      "/runners/:id",
      ({ caller, params, request, set, html }) => {
        const user = userOf(caller);
        const runner = runnerFor(farm, user, params.id);
        const attempts = attemptsOfRunner(farm, user, runner.id, SHOWN_ATTEMPTS);
        return answerLive(
          { request, set, html },
          {
            title: runner.name,
            url: `/runners/${runner.id}`,
            everySeconds: POLL_SECONDS,
            content: <RunnerContent runner={runner} attempts={attempts} />,
            page: (live) => <RunnerPage chrome={chromeFor(caller, "runners")} runner={runner} live={live} />,
          },
        );
      },
      { who, params: idParams },
    )
    .post(
      "/runners/:id/rename",
      async ({ caller, params, body, set, html }) => {
        const user = userOf(caller);
        const runner = runnerFor(farm, user, params.id);
        try {
          await changeRunner(farm, runner.id, { name: body.name });
          return seeOther(`/runners/${runner.id}`);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          const attempts = attemptsOfRunner(farm, user, runner.id, SHOWN_ATTEMPTS);
          const renaming = { typed: body.name, problem: error.message };
          const live = <RunnerContent runner={runner} attempts={attempts} renaming={renaming} />;
          return html(String(<RunnerPage chrome={chromeFor(caller, "runners")} runner={runner} live={live} />));
        }
      },
      { who, params: idParams, body: t.Object({ name: t.String({ maxLength: 100 }) }) },
    )
    .post(
      "/runners/:id/delete",
      async ({ caller, params }) => {
        const { id } = runnerFor(farm, userOf(caller), params.id);
        await removeRunner(farm, id);
        return seeOther("/runners");
      },
      { who, params: idParams },
    );
}
