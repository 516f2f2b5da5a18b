import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { accountsAfter, addAccount } from "#manager/services/managing-users.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { isEnabled } from "#manager/services/settings.ts";
import { oneOf } from "#protocol/one-of.ts";
import { UsersPage, type UsersShown } from "#web/pages/admin/users.tsx";
import { email, personName } from "../../api/account-schemas.ts";
import { tell } from "../../errors.ts";
import { chromeFor, pageBase, seeOther } from "../page-base.ts";
import { userPage } from "./user-page.tsx";

const USERS_PER_PAGE = 100;

const cursor = t.Optional(t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 }));
const query = t.Object({ cursor, done: t.Optional(oneOf(["deleted"])) });
const newUser = t.Object({ email, name: t.Optional(personName), admin: t.Optional(oneOf(["on"])) });

/** The list of users, and adding one. */
export function userListPages(farm: Farm) {
  const who = "admin" as const;
  const list = (caller: Caller, after: number, news: Partial<Pick<UsersShown, "adding" | "done">>): string => {
    const rows = accountsAfter(farm, after, USERS_PER_PAGE + 1);
    const users = rows.slice(0, USERS_PER_PAGE);
    const shown: UsersShown = {
      users,
      firstUrl: after === 0 ? null : "/admin/users",
      nextUrl: rows.length > users.length ? `/admin/users?cursor=${users.at(-1)!.id}` : null,
      adding: null,
      done: null,
      ...news,
    };
    return String(<UsersPage chrome={chromeFor(caller, "admin")} shown={shown} />);
  };
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/admin/users",
      async ({ caller, query: { cursor = 0, done }, html }) =>
        html(list(caller, cursor, { done: done ? "The user is deleted." : null })),
      { who, query },
    )
    .post(
      "/admin/users",
      async ({ caller, request, body, set, html }) => {
        const { name, email: address } = body;
        const admin = body.admin === "on";
        try {
          const { id } = await addAccount(farm, { email: address, name, password: null, admin });
          if (!isEnabled(farm, "localauth")) return seeOther(`/admin/users/${id}?done=added`);
          const link = await createResetLink(farm, id);
          return html(userPage(farm, { caller, request, id, link, done: "added" }));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(list(caller, 0, { adding: { email: address, name: name ?? "", admin, problem: error.message } }));
        }
      },
      { who, body: newUser },
    );
}
