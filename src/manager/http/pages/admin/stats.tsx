import { Elysia, t } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { farmHistory, STATS_RANGES, type StatsRange } from "#manager/services/stats-history.ts";
import { farmStats } from "#manager/services/stats.ts";
import { oneOf } from "#protocol/one-of.ts";
import { StatsContent, StatsPage, type StatsShown } from "#web/pages/admin/stats.tsx";
import { answerLive } from "../live.tsx";
import { chromeFor, pageBase } from "../page-base.ts";

const POLL_SECONDS = 30;

const query = t.Object({ range: t.Optional(oneOf(Object.keys(STATS_RANGES) as StatsRange[])) });

/** How the farm does, and has done. */
export function statsPages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/admin/stats",
    async ({ caller, query: { range = "day" }, request, set, html }) => {
      const { framesPerHour, queue, storage, runners: runnersNow } = await farmStats(farm);
      const shown: StatsShown = { framesPerHour, queue, storage, runnersNow, ...(await farmHistory(farm, range)) };
      return answerLive(
        { request, set, html },
        {
          title: "Stats",
          url: `/admin/stats?range=${range}`,
          everySeconds: POLL_SECONDS,
          content: <StatsContent shown={shown} />,
          page: (live) => <StatsPage chrome={chromeFor(caller, "admin")} range={range} live={live} />,
        },
      );
    },
    { who: "admin", query },
  );
}
