import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Farm } from "#manager/services/farm.ts";
import { oauthProviders } from "#manager/services/oauth-settings.ts";
import { isFirstAccountMissing, isRegistrationOpen, register } from "#manager/services/registration.ts";
import { RegisterPage, type Register } from "#web/pages/register.tsx";
import { tell } from "../errors.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { signedInCookies, visitorOf } from "../session-cookie.ts";
import { registerForm, registerQuery } from "./account-forms.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

/** Making an account of one's own. */
export function registerPages(farm: Farm) {
  const page = (form: Omit<Register, "state" | "providers">) => {
    const state = isFirstAccountMissing(farm) ? "first" : isRegistrationOpen(farm) ? "open" : "closed";
    const chrome = chromeFor({ kind: "nobody" }, null);
    return <RegisterPage chrome={chrome} form={{ ...form, state, providers: oauthProviders(farm) }} />;
  };
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/register",
      async ({ query, html }) =>
        html(String(page({ name: "", email: "", problem: null, setupToken: query.setup ?? "" }))),
      { query: registerQuery },
    )
    .post(
      "/register",
      async ({ body, request, set, html }) => {
        refuseOtherOrigins(request);
        const { name, email, newPassword: password, setupToken = null } = body;
        try {
          const signedIn = await register(farm, { name, email, password, setupToken }, visitorOf(request));
          return seeOther("/jobs", signedInCookies(signedIn, request));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(String(page({ name, email, problem: error.message, setupToken: setupToken ?? "" })));
        }
      },
      { body: registerForm },
    );
}
