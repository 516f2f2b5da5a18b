import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { countRunners, runnersFor } from "#manager/services/runner-views.ts";
import { RunnersContent, RunnersPage } from "#web/pages/runners.tsx";
import { answerLive } from "./live.tsx";
import { chromeFor, pageBase } from "./page-base.ts";

const POLL_SECONDS = 3;

/** The machines that render. */
export function runnerListPages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/runners",
    ({ caller, request, set, html }) => {
      const user = userOf(caller);
      return answerLive(
        { request, set, html },
        {
          title: "Runners",
          url: "/runners",
          everySeconds: POLL_SECONDS,
          content: <RunnersContent farm={countRunners(farm, user)} runners={runnersFor(farm, user)} />,
          page: (live) => <RunnersPage chrome={chromeFor(caller, "runners")} live={live} />,
        },
      );
    },
    { who: "user" },
  );
}
