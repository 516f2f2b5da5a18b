import { Elysia, t } from "elysia";
import { KEY_SCOPES } from "#domain/user.ts";
import type { Farm } from "#manager/services/farm.ts";
import { addKeyFor, allKeys } from "#manager/services/keys.ts";
import { revokeKey } from "#manager/services/revoking-keys.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { idParams, keyName, keysAnswer, newKeyAnswer } from "./account-schemas.ts";
import { keyView } from "./account-views.ts";
import { id } from "./schemas.ts";

const newKey = t.Object({ name: keyName, scope: oneOf(KEY_SCOPES), userId: t.Optional(id) });

/** Everybody's keys, and the farm's own. */
export function adminKeyRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/admin/keys" })
    .use(guards(farm))
    .get("", () => ({ items: allKeys(farm).map(keyView) }), { who: "admin", response: { 200: keysAnswer } })
    .post(
      "",
      async ({ body, set }) => {
        const { key, secret } = await addKeyFor(farm, { ...body, userId: body.userId ?? null });
        set.status = 201;
        return { ...keyView(key), key: secret };
      },
      { who: "admin", body: newKey, response: { 201: newKeyAnswer } },
    )
    .delete(
      "/:id",
      async ({ params, set }) => {
        await revokeKey(farm, params.id);
        set.status = 204;
      },
      { who: "admin", params: idParams, response: { 204: t.Void() } },
    );
}
