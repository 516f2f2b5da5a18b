import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Farm } from "#manager/services/farm.ts";
import { oauthProviders } from "#manager/services/oauth-settings.ts";
import { isFirstAccountMissing, isRegistrationOpen } from "#manager/services/registration.ts";
import { closeSession } from "#manager/services/sessions.ts";
import { isEnabled } from "#manager/services/settings.ts";
import { signIn } from "#manager/services/signing-in.ts";
import { LoginPage } from "#web/pages/login.tsx";
import { tell } from "../errors.ts";
import { callerOf } from "../guards.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { endOfSessionCookie, signedInCookies, visitorOf } from "../session-cookie.ts";
import { loginForm, loginQuery } from "./account-forms.ts";
import { nextPath } from "./next-path.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

const DONE = { reset: "The password is set. Sign in with it." };

/** Signing in and out. */
export function loginPages(farm: Farm) {
  const page = (login: { email: string; next: string; problem: string | null; done: string | null }) => (
    <LoginPage
      chrome={chromeFor({ kind: "nobody" }, null)}
      login={{
        ...login,
        enabled: isEnabled(farm, "localauth"),
        providers: oauthProviders(farm),
        registration: isRegistrationOpen(farm),
        first: isFirstAccountMissing(farm),
      }}
    />
  );
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/login",
      async ({ query, request, html }) => {
        const next = nextPath(query.next);
        if (callerOf(farm, request).kind === "session") return seeOther(next);
        return html(String(page({ email: "", next, problem: null, done: query.done ? DONE[query.done] : null })));
      },
      { query: loginQuery },
    )
    .post(
      "/login",
      async ({ body, request, set, html }) => {
        refuseOtherOrigins(request);
        const next = nextPath(body.next);
        try {
          return seeOther(next, signedInCookies(await signIn(farm, body, visitorOf(request)), request));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(String(page({ email: body.email, next, problem: error.message, done: null })));
        }
      },
      { body: loginForm },
    )
    .post(
      "/logout",
      async ({ caller, request }) => {
        if (caller.kind === "session") await closeSession(farm, caller.sessionHash);
        return seeOther("/login", [endOfSessionCookie(request)]);
      },
      { who: "user" },
    );
}
