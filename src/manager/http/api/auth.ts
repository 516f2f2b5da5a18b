import { Elysia, t } from "elysia";
import { authenticate, changePassword } from "#manager/services/accounts.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { closeSession, openSession } from "#manager/services/sessions.ts";
import { guards } from "../guards.ts";
import { addressOf } from "../request-facts.ts";
import { endOfSessionCookie, sessionCookie } from "../session-cookie.ts";
import { userView } from "./views.ts";

const password = t.String({ maxLength: 1000 });

/** Signing in and out, and who one is. */
export function authRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/auth" })
    .use(guards(farm))
    .post(
      "/login",
      async ({ body, request, server, set }) => {
        const address = addressOf(request, server);
        const user = await farm.loginLimit.guard([address, body.email.toLowerCase()], () =>
          authenticate(farm, body.email, body.password),
        );
        const token = await openSession(farm, user, { userAgent: request.headers.get("user-agent") ?? "", address });
        set.headers["set-cookie"] = sessionCookie(token, request);
        return { user: userView(user) };
      },
      { body: t.Object({ email: t.String({ maxLength: 300 }), password }) },
    )
    .post(
      "/logout",
      async ({ caller, request, set }) => {
        if (caller.kind === "session") await closeSession(farm, caller.sessionHash);
        set.headers["set-cookie"] = endOfSessionCookie(request);
        set.status = 204;
      },
      { who: "user" },
    )
    .get("/me", ({ caller }) => ({ user: userView(userOf(caller)) }), { who: "user" })
    .post(
      "/password/change",
      async ({ caller, body, set }) => {
        const sessionHash = caller.kind === "session" ? caller.sessionHash : null;
        await changePassword(farm, { userId: userOf(caller).id, ...body, sessionHash });
        set.status = 204;
      },
      { who: "user", body: t.Object({ oldPassword: password, newPassword: password }) },
    );
}
