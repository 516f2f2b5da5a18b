import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Farm } from "#manager/services/farm.ts";
import { sessionOf } from "#manager/services/callers.ts";
import { changeAccount, type AccountChange } from "#manager/services/managing-users.ts";
import { removeAccount, type JobsFate } from "#manager/services/removing-users.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { oneOf } from "#protocol/one-of.ts";
import { idParams, personName } from "../../api/account-schemas.ts";
import { id } from "../../api/schemas.ts";
import { tell } from "../../errors.ts";
import { pageBase, seeOther } from "../page-base.ts";
import { userPage } from "./user-page.tsx";

/** The buttons of a user: each changes one thing. */
const CHANGES: Record<string, AccountChange> = {
  promote: { admin: true },
  demote: { admin: false },
  disable: { disabled: true },
  enable: { disabled: false },
  vouch: { emailVerified: true },
};

const query = t.Object({ done: t.Optional(oneOf(["added", "saved"])) });
const removal = t.Object({ jobs: oneOf(["keep", "delete", "give"]), to: t.Optional(id) });

/** One user, and what an admin can do about them. */
export function userPages(farm: Farm) {
  const who = "admin" as const;
  const params = idParams;
  type Asked = Pick<Parameters<typeof userPage>[1], "caller" | "request" | "id">;
  type Answering = { set: { status?: number | string }; html: (page: string) => unknown };

  /** Does something and leads on; where that is refused, the page says why. */
  const attempt = async (asked: Asked, { set, html }: Answering, act: () => Promise<string>): Promise<unknown> => {
    try {
      return seeOther(await act());
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "not_found") throw error;
      set.status = tell(error).status;
      return html(userPage(farm, { ...asked, problem: error.message }));
    }
  };
  const pages = new Elysia().use(pageBase(farm));
  for (const [name, change] of Object.entries(CHANGES))
    pages.post(
      `/admin/users/:id/${name}`,
      async ({ caller, request, params: { id: user }, set, html }) =>
        attempt({ caller, request, id: user }, { set, html }, async () => {
          await changeAccount(farm, user, change);
          return `/admin/users/${user}?done=saved`;
        }),
      { who, params },
    );
  return pages
    .get(
      "/admin/users/:id",
      async ({ caller, request, params: { id: user }, query: { done }, html }) =>
        html(userPage(farm, { caller, request, id: user, done })),
      { who, params, query },
    )
    .post(
      "/admin/users/:id/rename",
      async ({ caller, request, params: { id: user }, body, set, html }) =>
        attempt({ caller, request, id: user }, { set, html }, async () => {
          await changeAccount(farm, user, body);
          return `/admin/users/${user}?done=saved`;
        }),
      { who, params, body: t.Object({ name: personName }) },
    )
    .post(
      "/admin/users/:id/reset-link",
      async ({ caller, request, params: { id: user }, html }) =>
        html(userPage(farm, { caller, request, id: user, link: await createResetLink(farm, user) })),
      { who, params },
    )
    .post(
      "/admin/users/:id/delete",
      async ({ caller, request, params: { id: user }, body, set, html }) =>
        attempt({ caller, request, id: user }, { set, html }, async () => {
          if (sessionOf(caller).user.id === user)
            throw new AppError("conflict", "You cannot delete your own account; another admin can.");
          await removeAccount(farm, user, fateOf(body));
          return "/admin/users?done=deleted";
        }),
      { who, params, body: removal },
    );
}

function fateOf({ jobs, to }: { jobs: "keep" | "delete" | "give"; to?: number }): JobsFate {
  if (jobs !== "give") return { kind: jobs };
  if (to === undefined) throw new AppError("bad_request", "Say who gets the jobs.");
  return { kind: "give", toUserId: to };
}
