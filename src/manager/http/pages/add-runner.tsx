import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { sessionOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { addKeyFor, unusedKeyName } from "#manager/services/keys.ts";
import { oneOf } from "#protocol/one-of.ts";
import { AddRunnerPage, type AddRunner } from "#web/pages/add-runner.tsx";
import { tell } from "../errors.ts";
import { originOf } from "../request-facts.ts";
import { chromeFor, pageBase } from "./page-base.ts";

const form = t.Object({ name: t.String({ maxLength: 300 }), whose: t.Optional(oneOf(["farm", "mine"])) });

/** How to add a runner, with a key that is made on the spot. */
export function addRunnerPages(farm: Farm) {
  const who = "session" as const;
  const page = (caller: Caller, request: Request, news: Pick<AddRunner, "key" | "name" | "whose" | "problem">) => {
    const { admin } = sessionOf(caller).user;
    const shown = { ...news, url: originOf(request), admin };
    return String(<AddRunnerPage chrome={chromeFor(caller, "runners")} shown={shown} />);
  };
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/runners/add",
      async ({ caller, request, html }) =>
        html(
          page(caller, request, { key: null, name: unusedKeyName(farm, "render-box"), whose: "farm", problem: null }),
        ),
      { who },
    )
    .post(
      "/runners/add",
      async ({ caller, request, body, set, html }) => {
        const { user } = sessionOf(caller);
        // Only an admin may make a key that takes everybody's jobs.
        const whose = user.admin ? (body.whose ?? "farm") : "mine";
        const told = { name: body.name, whose };
        try {
          const { secret } = await addKeyFor(farm, {
            name: body.name,
            ...(whose === "farm" ? { scope: "manager", userId: null } : { scope: "user", userId: user.id }),
          });
          return html(page(caller, request, { ...told, key: secret, problem: null }));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(page(caller, request, { ...told, key: null, problem: error.message }));
        }
      },
      { who, body: form },
    );
}
