import { Elysia } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { adminBlenderRoutes } from "./api/admin-blender.ts";
import { adminKeyRoutes } from "./api/admin-keys.ts";
import { adminUserRoutes } from "./api/admin-users.ts";
import { authRoutes } from "./api/auth.ts";
import { adminRoutes } from "./api/admin.ts";
import { blenderRoutes } from "./api/blender.ts";
import { eventRoutes, SOCKETS } from "./api/events.ts";
import { fileRoutes } from "./api/files.ts";
import { jobRoutes } from "./api/jobs.ts";
import { keyRoutes } from "./api/keys.ts";
import { oauthRoutes } from "./api/oauth.ts";
import { opsRoutes } from "./api/ops.ts";
import { runnerRoutes } from "./api/runner.ts";
import { sessionRoutes } from "./api/sessions.ts";
import { taskRoutes } from "./api/tasks.ts";
import { uploadRoutes } from "./api/uploads.ts";
import { assets } from "./assets.ts";
import { docsRoutes } from "./docs/routes.tsx";
import { errorHandling } from "./errors.ts";
import { errorPage, pageRoutes } from "./pages/routes.ts";
import { icons } from "./icons.ts";
import { requestFacts } from "./request-facts.ts";
import { createRequestMetrics } from "./request-metrics.ts";
import { securityHeaders } from "./security-headers.ts";
import { NO_PROXIES, type TrustedProxies } from "./trusted-proxies.ts";

/** Larger than any upload: the caps that users meet are the farm's own, enforced while the bytes stream in. */
const MAX_BODY_BYTES = 2 ** 50;

/** Seconds of silence after which a connection is closed; waits and uploads switch it off for themselves. */
const IDLE_SECONDS = 60;

/** The whole of what the manager answers: its API, its pages and their assets. `proxies` may say where a request comes from. */
export function createApp(farm: Farm, proxies: TrustedProxies = NO_PROXIES) {
  const requests = createRequestMetrics(farm.log);
  const app = new Elysia({
    // Elysia would share the port with another manager that has it already.
    serve: { maxRequestBodySize: MAX_BODY_BYTES, idleTimeout: IDLE_SECONDS, development: false, reusePort: false },
    websocket: SOCKETS,
  })
    .use(requestFacts(proxies))
    .use(requests.plugin)
    .use(errorHandling(farm.log, errorPage(farm)))
    .use(securityHeaders)
    .use(opsRoutes(farm, requests))
    .use(authRoutes(farm))
    .use(oauthRoutes(farm))
    .use(sessionRoutes(farm))
    .use(keyRoutes(farm))
    .use(adminUserRoutes(farm))
    .use(adminKeyRoutes(farm))
    .use(adminRoutes(farm))
    .use(adminBlenderRoutes(farm))
    .use(blenderRoutes(farm))
    .use(eventRoutes(farm))
    .use(jobRoutes(farm))
    .use(fileRoutes(farm))
    .use(uploadRoutes(farm))
    .use(taskRoutes(farm))
    .use(runnerRoutes(farm))
    .use(assets)
    .use(icons)
    .use(pageRoutes(farm));
  return app.use(docsRoutes(farm, () => app));
}

export type App = ReturnType<typeof createApp>;
