import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { PROVIDERS } from "#domain/identity.ts";
import { changePassword, hasPassword } from "#manager/services/accounts.ts";
import { sessionOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { disconnect, identitiesOf } from "#manager/services/identities.ts";
import { addKeyFor, keysOf } from "#manager/services/keys.ts";
import { oauthProviders } from "#manager/services/oauth-settings.ts";
import { revokeOwnKey } from "#manager/services/revoking-keys.ts";
import { revokeOtherSessions, revokeSession, sessionsOf } from "#manager/services/sessions.ts";
import type { SignInWay } from "#web/fragments/sign-in-ways.tsx";
import { AccountPage, type AccountShown } from "#web/pages/account.tsx";
import { tell } from "../errors.ts";
import { accountQuery, idParams, keyForm, passwordForm, providerParams } from "./account-forms.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

const DONE = { password: "The password is changed. All other sessions have been ended." };

type News = Partial<Pick<AccountShown, "newKey" | "problem" | "done">>;

/** A user's own account. */
export function accountPages(farm: Farm) {
  const page = (caller: Caller, news: News = {}): string => {
    const { user, sessionHash } = sessionOf(caller);
    const { name, email, admin } = user;
    const account = {
      ...{ name, email, admin, newKey: null, problem: null, done: null, ...news },
      hasPassword: hasPassword(farm, user.id),
      ways: waysOf(farm, user.id),
      sessions: sessionsOf(farm, user.id, sessionHash),
      keys: keysOf(farm, user.id),
    };
    return String(<AccountPage chrome={chromeFor(caller, "account")} account={account} />);
  };
  const who = "session" as const;
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/account",
      async ({ caller, query, html }) => html(page(caller, { done: query.done ? DONE[query.done] : null })),
      {
        who,
        query: accountQuery,
      },
    )
    .post(
      "/account/password",
      async ({ caller, body, set, html }) => {
        const { user, sessionHash } = sessionOf(caller);
        try {
          await changePassword(farm, { userId: user.id, ...body, sessionHash });
          return seeOther("/account?done=password");
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(page(caller, { problem: { form: "password", message: error.message } }));
        }
      },
      { who, body: passwordForm },
    )
    .post(
      "/account/keys",
      async ({ caller, body, set, html }) => {
        try {
          const userId = sessionOf(caller).user.id;
          const { secret } = await addKeyFor(farm, { name: body.name, scope: "user", userId });
          return html(page(caller, { newKey: secret }));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          return html(page(caller, { problem: { form: "key", message: error.message } }));
        }
      },
      { who, body: keyForm },
    )
    .post(
      "/account/keys/:id/revoke",
      async ({ caller, params }) => {
        await revokeOwnKey(farm, sessionOf(caller).user.id, params.id);
        return seeOther("/account");
      },
      { who, params: idParams },
    )
    .post(
      "/account/sessions/:id/end",
      async ({ caller, params }) => {
        await revokeSession(farm, sessionOf(caller).user.id, params.id);
        return seeOther("/account");
      },
      { who, params: idParams },
    )
    .post(
      "/account/sessions/end-others",
      async ({ caller }) => {
        const { user, sessionHash } = sessionOf(caller);
        await revokeOtherSessions(farm, user.id, sessionHash);
        return seeOther("/account");
      },
      { who },
    )
    .post(
      "/account/identities/:provider/end",
      async ({ caller, params }) => {
        await disconnect(farm, sessionOf(caller).user.id, params.provider);
        return seeOther("/account");
      },
      { who, params: providerParams },
    );
}

/** What is set up here, and what signs this user in although it is not set up any more. */
function waysOf(farm: Farm, userId: number): SignInWay[] {
  const ready = new Set(oauthProviders(farm));
  const connected = new Map(identitiesOf(farm, userId).map(({ provider, email }) => [provider, email]));
  const endable = hasPassword(farm, userId) || connected.size > 1;
  return PROVIDERS.filter((provider) => ready.has(provider) || connected.has(provider)).map((provider) => ({
    provider,
    email: connected.get(provider) ?? null,
    endable,
  }));
}
