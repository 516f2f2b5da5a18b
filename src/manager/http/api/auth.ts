import { Elysia, t } from "elysia";
import { changePassword } from "#manager/services/accounts.ts";
import { sessionOf, userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { register } from "#manager/services/registration.ts";
import { resetPassword } from "#manager/services/reset-links.ts";
import { closeSession } from "#manager/services/sessions.ts";
import { signIn } from "#manager/services/signing-in.ts";
import { guards } from "../guards.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { endOfSessionCookie, signedInCookies, visitorOf } from "../session-cookie.ts";
import { email, password, personName, token, userAnswer } from "./account-schemas.ts";
import { userView } from "./views.ts";

const loginBody = t.Object({ email, password });
const registerBody = t.Object({ name: t.Optional(personName), email, password, setupToken: t.Optional(token) });

/** Signing in and out, making an account, and who one is. */
export function authRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/auth" })
    .use(guards(farm))
    .post(
      "/login",
      async ({ body, request, set }) => {
        refuseOtherOrigins(request);
        const signedIn = await signIn(farm, body, visitorOf(request));
        set.headers["set-cookie"] = signedInCookies(signedIn, request);
        return { user: userView(signedIn.user) };
      },
      { body: loginBody, response: { 200: userAnswer } },
    )
    .post(
      "/register",
      async ({ body, request, set }) => {
        refuseOtherOrigins(request);
        const { name = "", setupToken = null } = body;
        const signedIn = await register(farm, { ...body, name, setupToken }, visitorOf(request));
        set.headers["set-cookie"] = signedInCookies(signedIn, request);
        set.status = 201;
        return { user: userView(signedIn.user) };
      },
      { body: registerBody, response: { 201: userAnswer } },
    )
    .post(
      "/logout",
      async ({ caller, request, set }) => {
        if (caller.kind === "session") await closeSession(farm, caller.sessionHash);
        set.headers["set-cookie"] = endOfSessionCookie(request);
        set.status = 204;
      },
      { who: "user", response: { 204: t.Void() } },
    )
    .get("/me", ({ caller }) => ({ user: userView(userOf(caller)) }), { who: "user", response: { 200: userAnswer } })
    .post(
      "/password/change",
      async ({ caller, body, set }) => {
        const { user, sessionHash } = sessionOf(caller);
        await changePassword(farm, { userId: user.id, ...body, sessionHash });
        set.status = 204;
      },
      {
        who: "session",
        body: t.Object({ oldPassword: password, newPassword: password }),
        response: { 204: t.Void() },
      },
    )
    .post(
      "/password/reset",
      async ({ body, request, set }) => {
        refuseOtherOrigins(request);
        await resetPassword(farm, body.token, body.newPassword);
        set.status = 204;
      },
      { body: t.Object({ token, newPassword: password }), response: { 204: t.Void() } },
    );
}
