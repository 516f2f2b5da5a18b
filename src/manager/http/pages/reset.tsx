import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Farm } from "#manager/services/farm.ts";
import { isResetLinkGood, resetPassword } from "#manager/services/reset-links.ts";
import { ResetPage } from "#web/pages/reset.tsx";
import { tell } from "../errors.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { resetForm, resetQuery } from "./account-forms.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

/** Setting a new password by a link that an admin gave. */
export function resetPages(farm: Farm) {
  const page = (token: string, problem: string | null) => {
    const good = isResetLinkGood(farm, token);
    return (
      <ResetPage
        chrome={chromeFor({ kind: "nobody" }, null)}
        token={good ? token : null}
        problem={good ? problem : null}
      />
    );
  };
  return new Elysia()
    .use(pageBase(farm))
    .get("/reset", async ({ query, html }) => html(String(page(query.token ?? "", null))), { query: resetQuery })
    .post(
      "/reset",
      async ({ body, request, set, html }) => {
        refuseOtherOrigins(request);
        try {
          await resetPassword(farm, body.token, body.newPassword);
          return seeOther("/login?done=reset");
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(String(page(body.token, error.message)));
        }
      },
      { body: resetForm },
    );
}
