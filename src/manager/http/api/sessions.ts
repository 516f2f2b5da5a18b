import { Elysia, t } from "elysia";
import { sessionOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { disconnect, identitiesOf } from "#manager/services/identities.ts";
import { revokeOtherSessions, revokeSession, sessionsOf } from "#manager/services/sessions.ts";
import { guards } from "../guards.ts";
import { identitiesAnswer, idParams, provider, sessionsAnswer } from "./account-schemas.ts";
import { identityView, sessionView } from "./account-views.ts";

/** Where a user is signed in, and by which providers. */
export function sessionRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/auth" })
    .use(guards(farm))
    .get(
      "/sessions",
      ({ caller }) => {
        const { user, sessionHash } = sessionOf(caller);
        return { items: sessionsOf(farm, user.id, sessionHash).map(sessionView) };
      },
      { who: "session", response: { 200: sessionsAnswer } },
    )
    .delete(
      "/sessions",
      async ({ caller, set }) => {
        const { user, sessionHash } = sessionOf(caller);
        await revokeOtherSessions(farm, user.id, sessionHash);
        set.status = 204;
      },
      { who: "session", response: { 204: t.Void() } },
    )
    .delete(
      "/sessions/:id",
      async ({ caller, params, set }) => {
        await revokeSession(farm, sessionOf(caller).user.id, params.id);
        set.status = 204;
      },
      { who: "session", params: idParams, response: { 204: t.Void() } },
    )
    .get("/identities", ({ caller }) => ({ items: identitiesOf(farm, sessionOf(caller).user.id).map(identityView) }), {
      who: "session",
      response: { 200: identitiesAnswer },
    })
    .delete(
      "/identities/:provider",
      async ({ caller, params, set }) => {
        await disconnect(farm, sessionOf(caller).user.id, params.provider);
        set.status = 204;
      },
      { who: "session", params: t.Object({ provider }), response: { 204: t.Void() } },
    );
}
