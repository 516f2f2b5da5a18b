import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { authenticate } from "#manager/services/accounts.ts";
import type { Farm } from "#manager/services/farm.ts";
import { closeSession, openSession } from "#manager/services/sessions.ts";
import { isEnabled } from "#manager/services/settings.ts";
import { LoginPage } from "#web/pages/login.tsx";
import { tell } from "../errors.ts";
import { callerOf } from "../guards.ts";
import { addressOf } from "../request-facts.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { endOfSessionCookie, sessionCookie } from "../session-cookie.ts";
import { nextPath } from "./next-path.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

const loginQuery = t.Object({ next: t.Optional(t.String()) });
const loginForm = t.Object({
  email: t.String({ maxLength: 300 }),
  password: t.String({ maxLength: 1000 }),
  next: t.Optional(t.String()),
});

/** Signing in and out. */
export function loginPages(farm: Farm) {
  const page = (login: { email: string; next: string; problem: string | null }) => (
    <LoginPage
      chrome={chromeFor({ kind: "nobody" }, null)}
      login={{ ...login, enabled: isEnabled(farm, "localauth") }}
    />
  );
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/login",
      ({ query, request, html }) => {
        const next = nextPath(query.next);
        if (callerOf(farm, request).kind === "session") return seeOther(next);
        return html(String(page({ email: "", next, problem: null })));
      },
      { query: loginQuery },
    )
    .post(
      "/login",
      async ({ body, request, server, set, html }) => {
        refuseOtherOrigins(request);
        const address = addressOf(request, server);
        const next = nextPath(body.next);
        const signIn = () => authenticate(farm, body.email, body.password);
        try {
          const user = await farm.loginLimit.guard([address, body.email.toLowerCase()], signIn);
          const userAgent = request.headers.get("user-agent") ?? "";
          const token = await openSession(farm, user, { userAgent, address });
          return seeOther(next, { "set-cookie": sessionCookie(token, request) });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(String(page({ email: body.email, next, problem: error.message })));
        }
      },
      { body: loginForm },
    )
    .post(
      "/logout",
      async ({ caller, request }) => {
        if (caller.kind === "session") await closeSession(farm, caller.sessionHash);
        return seeOther("/login", { "set-cookie": endOfSessionCookie(request) });
      },
      { who: "user" },
    );
}
