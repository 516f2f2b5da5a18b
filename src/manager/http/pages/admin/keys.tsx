import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { allUsers } from "#manager/services/accounts.ts";
import type { Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { addKeyFor, allKeys } from "#manager/services/keys.ts";
import { revokeKey } from "#manager/services/revoking-keys.ts";
import { KeysPage, type KeysShown } from "#web/pages/admin/keys.tsx";
import { idParams } from "../../api/account-schemas.ts";
import { id } from "../../api/schemas.ts";
import { tell } from "../../errors.ts";
import { chromeFor, pageBase, seeOther } from "../page-base.ts";

const newKey = t.Object({ name: t.String({ maxLength: 300 }), owner: t.Union([t.Literal("farm"), id]) });

/** Everybody's keys, and the farm's own. */
export function keyPages(farm: Farm) {
  const who = "admin" as const;
  const page = (caller: Caller, news: Partial<Pick<KeysShown, "newKey" | "adding">> = {}): string => {
    const shown = { keys: allKeys(farm), users: allUsers(farm), newKey: null, adding: null, ...news };
    return String(<KeysPage chrome={chromeFor(caller, "admin")} shown={shown} />);
  };
  return new Elysia()
    .use(pageBase(farm))
    .get("/admin/keys", async ({ caller, html }) => html(page(caller)), { who })
    .post(
      "/admin/keys",
      async ({ caller, body: { name, owner }, set, html }) => {
        try {
          const { secret } = await addKeyFor(
            farm,
            owner === "farm" ? { name, scope: "manager", userId: null } : { name, scope: "user", userId: owner },
          );
          return html(page(caller, { newKey: secret }));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(page(caller, { adding: { name, owner: String(owner), problem: error.message } }));
        }
      },
      { who, body: newKey },
    )
    .post(
      "/admin/keys/:id/revoke",
      async ({ params }) => {
        await revokeKey(farm, params.id);
        return seeOther("/admin/keys");
      },
      { who, params: idParams },
    );
}
