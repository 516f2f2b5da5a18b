import { Elysia, t } from "elysia";
import { watchEventLoop } from "#manager/services/event-loop-lag.ts";
import type { Farm } from "#manager/services/farm.ts";
import { farmFigures } from "#manager/services/farm-figures.ts";
import { checkHealth } from "#manager/services/health.ts";
import { COMMIT, VERSION } from "#system/build-info.ts";
import { guards } from "../guards.ts";
import type { RequestMetrics } from "../request-metrics.ts";
import { managerMetrics } from "./metrics.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus.ts";

const health = t.Object({
  status: t.String(),
  version: t.String(),
  commit: t.String(),
  storage: t.Object({ freeBytes: t.Number(), totalBytes: t.Number() }),
});

/** For whoever watches the manager from outside. */
export function opsRoutes(farm: Farm, requests: RequestMetrics) {
  const lag = watchEventLoop(farm.stopping);
  return new Elysia()
    .use(guards(farm))
    .get(
      "/healthz",
      async () => ({ status: "ok", version: VERSION, commit: COMMIT, storage: await checkHealth(farm) }),
      { response: { 200: health } },
    )
    .get(
      "/metrics",
      async () => {
        const text = prometheusText(managerMetrics(await farmFigures(farm), requests.all(), lag));
        return new Response(text, { headers: { "content-type": PROMETHEUS_TYPE } });
      },
      { who: "operator" },
    );
}
