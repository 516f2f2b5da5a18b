import { Elysia } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { accountPages } from "./account.tsx";
import { addRunnerPages } from "./add-runner.tsx";
import { adminPages } from "./admin/routes.ts";
import { draftPages } from "./drafts.tsx";
import { framePages } from "./frames.tsx";
import { jobActionPages } from "./job-actions.ts";
import { jobLogPages } from "./job-log.tsx";
import { jobPages } from "./job.tsx";
import { jobListPages } from "./jobs.tsx";
import { loginPages } from "./login.tsx";
import { newJobPages } from "./new-job.tsx";
import { outputPages } from "./outputs.tsx";
import { registerPages } from "./register.tsx";
import { resetPages } from "./reset.tsx";
import { runnerPages } from "./runner.tsx";
import { runnerListPages } from "./runners.tsx";
import { taskPages } from "./tasks.tsx";

export { errorPage } from "./error-page.tsx";

/** All that people see in a browser. */
export function pageRoutes(farm: Farm) {
  return new Elysia()
    .use(loginPages(farm))
    .use(registerPages(farm))
    .use(resetPages(farm))
    .use(accountPages(farm))
    .use(jobListPages(farm))
    .use(newJobPages(farm))
    .use(draftPages(farm))
    .use(jobPages(farm))
    .use(jobLogPages(farm))
    .use(jobActionPages(farm))
    .use(framePages(farm))
    .use(outputPages(farm))
    .use(taskPages(farm))
    .use(runnerListPages(farm))
    .use(addRunnerPages(farm))
    .use(runnerPages(farm))
    .use(adminPages(farm));
}
