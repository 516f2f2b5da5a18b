import { Elysia, t } from "elysia";
import { PROVIDERS, type Provider } from "#domain/identity.ts";
import { sessionOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { beginOauth, endOauth } from "#manager/services/oauth-sign-in.ts";
import { letIn } from "#manager/services/signing-in.ts";
import { oneOf } from "#protocol/one-of.ts";
import { callerOf } from "../guards.ts";
import { nextPath } from "../pages/next-path.ts";
import { addressOf } from "../request-facts.ts";
import { oauthCookie, oauthSecretOf, signedInCookies, visitorOf } from "../session-cookie.ts";

/** `next`: where to go afterwards. `connect`: the provider is to sign in the user who is signed in now. */
const loginQuery = t.Object({
  next: t.Optional(t.String({ maxLength: 2000 })),
  connect: t.Optional(oneOf(["true", "false"])),
});

/** What providers send people back with; they add more than this. */
const callbackQuery = t.Object(
  {
    state: t.Optional(t.String({ maxLength: 500 })),
    code: t.Optional(t.String({ maxLength: 4000 })),
    error: t.Optional(t.String({ maxLength: 500 })),
  },
  { additionalProperties: true },
);

/** Signing in by a provider. Browsers come here by a link, and go on from here. */
export function oauthRoutes(farm: Farm) {
  const app = new Elysia({ prefix: "/api/auth" });
  for (const provider of PROVIDERS) app.use(providerRoutes(farm, provider));
  return app;
}

function providerRoutes(farm: Farm, provider: Provider) {
  return new Elysia({ prefix: `/${provider}` })
    .get(
      "/login",
      ({ query, request }) => {
        const connectUserId = query.connect === "true" ? sessionOf(callerOf(farm, request)).user.id : null;
        const flow = { provider, next: nextPath(query.next), connectUserId };
        const { url, browserSecret } = beginOauth(farm, flow, addressOf(request));
        return goTo(url, [oauthCookie(browserSecret, request)]);
      },
      { query: loginQuery },
    )
    .get(
      "/callback",
      async ({ query, request }) => {
        const { state = "", code = null, error = null } = query;
        const caller = callerOf(farm, request);
        const signedInUserId = caller.kind === "session" ? caller.user.id : null;
        const browserSecret = oauthSecretOf(request);
        const { user, flow } = await endOauth(farm, { provider, state, code, error, browserSecret, signedInUserId });
        const done = oauthCookie(null, request);
        if (flow.connectUserId !== null) return goTo(flow.next, [done]);
        return goTo(flow.next, [done, ...signedInCookies(await letIn(farm, user, visitorOf(request)), request)]);
      },
      { query: callbackQuery },
    );
}

function goTo(url: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location: url, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}
