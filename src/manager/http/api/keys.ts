import { Elysia, t } from "elysia";
import { sessionOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { addKeyFor, keysOf } from "#manager/services/keys.ts";
import { revokeOwnKey } from "#manager/services/revoking-keys.ts";
import { guards } from "../guards.ts";
import { idParams, keyName, keysAnswer, newKeyAnswer } from "./account-schemas.ts";
import { keyView } from "./account-views.ts";

/** A user's own keys, for programs and for runners that take only this user's jobs. */
export function keyRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/keys" })
    .use(guards(farm))
    .get("", ({ caller }) => ({ items: keysOf(farm, sessionOf(caller).user.id).map(keyView) }), {
      who: "session",
      response: { 200: keysAnswer },
    })
    .post(
      "",
      async ({ caller, body, set }) => {
        const userId = sessionOf(caller).user.id;
        const { key, secret } = await addKeyFor(farm, { name: body.name, scope: "user", userId });
        set.status = 201;
        return { ...keyView(key), key: secret };
      },
      { who: "session", body: t.Object({ name: keyName }), response: { 201: newKeyAnswer } },
    )
    .delete(
      "/:id",
      async ({ caller, params, set }) => {
        await revokeOwnKey(farm, sessionOf(caller).user.id, params.id);
        set.status = 204;
      },
      { who: "session", params: idParams, response: { 204: t.Void() } },
    );
}
