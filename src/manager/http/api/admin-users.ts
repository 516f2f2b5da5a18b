import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Farm } from "#manager/services/farm.ts";
import { accountOf, accountsAfter, addAccount, changeAccount } from "#manager/services/managing-users.ts";
import { removeAccount, type JobsFate } from "#manager/services/removing-users.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { originOf } from "../request-facts.ts";
import { account, accountsAnswer, email, idParams, password, personName, resetLinkAnswer } from "./account-schemas.ts";
import { accountView } from "./account-views.ts";
import { id, pageQuery } from "./schemas.ts";
import { isoTime, pageOf } from "./views.ts";

const newAccount = t.Object({
  email,
  name: t.Optional(personName),
  password: t.Optional(t.Union([password, t.Null()])),
  admin: t.Optional(t.Boolean()),
});
const change = t.Object({
  name: t.Optional(personName),
  admin: t.Optional(t.Boolean()),
  disabled: t.Optional(t.Boolean()),
  emailVerified: t.Optional(t.Boolean()),
});

/** What becomes of the jobs of a user who is removed: kept by the admins, deleted, or given to the user `to`. */
const removal = t.Object({ jobs: t.Optional(oneOf(["keep", "delete", "give"])), to: t.Optional(id) });

/** Everybody who may use the farm. */
export function adminUserRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/admin/users" })
    .use(guards(farm))
    .get(
      "",
      ({ query }) => {
        const rows = accountsAfter(farm, query.cursor ?? 0, query.limit + 1);
        return pageOf(rows, query.limit, accountView, (row) => row.id);
      },
      { who: "admin", query: pageQuery, response: { 200: accountsAnswer } },
    )
    .post(
      "",
      async ({ body, set }) => {
        const { password: given = null, admin = false } = body;
        const added = await addAccount(farm, { ...body, password: given, admin });
        set.status = 201;
        return accountView(added);
      },
      { who: "admin", body: newAccount, response: { 201: account } },
    )
    .get("/:id", ({ params }) => accountView(accountOf(farm, params.id)), {
      who: "admin",
      params: idParams,
      response: { 200: account },
    })
    .patch("/:id", async ({ params, body }) => accountView(await changeAccount(farm, params.id, body)), {
      who: "admin",
      params: idParams,
      body: change,
      response: { 200: account },
    })
    .delete(
      "/:id",
      async ({ params, query, set }) => {
        await removeAccount(farm, params.id, fateOf(query));
        set.status = 204;
      },
      { who: "admin", params: idParams, query: removal, response: { 204: t.Void() } },
    )
    .post(
      "/:id/reset-link",
      async ({ params, request, set }) => {
        const { token, expiresAtMs } = await createResetLink(farm, params.id);
        set.status = 201;
        return { url: `${originOf(request)}/reset?token=${token}`, expiresAt: isoTime(expiresAtMs) };
      },
      { who: "admin", params: idParams, response: { 201: resetLinkAnswer } },
    );
}

function fateOf({ jobs = "keep", to }: { jobs?: "keep" | "delete" | "give"; to?: number }): JobsFate {
  if (jobs !== "give") return { kind: jobs };
  if (to === undefined) throw new AppError("bad_request", "Say with ?to=<user id> whom the jobs are given to.");
  return { kind: "give", toUserId: to };
}
