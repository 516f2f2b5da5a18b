import { CodeChallengeMethod, generateCodeVerifier, OAuth2Client } from "arctic";
import { AppError } from "#domain/app-error.ts";
import { PROVIDER_NAMES, type Provider, type ProviderPerson } from "#domain/identity.ts";
import type { StoredUser } from "#manager/db/users.ts";
import { mayComeIn } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { connect, userOfPerson } from "./identities.ts";
import { networkOf } from "./network.ts";
import { askWho, expired, turnedAway } from "./oauth-exchange.ts";
import type { OauthFlow } from "./oauth-flows.ts";
import { OAUTH_PROVIDERS, type Endpoints } from "./oauth-providers.ts";
import { mustGetOauthClient } from "./oauth-settings.ts";

/** Sign-ins a minute that one place may begin. */
const MAX_STARTS = 60;

/** Where a person goes to sign in, and what its browser keeps meanwhile. */
export type OauthStart = { url: string; browserSecret: string };

/** Begins a sign-in by a provider. Throws `not_found` where the provider is not set up, and `rate_limited`. */
export function beginOauth(farm: Farm, flow: Omit<OauthFlow, "codeVerifier">, address: string): OauthStart {
  const { provider } = flow;
  const client = mustGetOauthClient(farm, provider);
  const place = networkOf(address);
  if (farm.access.oauthStarts.count(place) >= MAX_STARTS)
    throw new AppError("rate_limited", "Too many sign-ins were begun; wait a minute and try again.");
  farm.access.oauthStarts.add(place);
  const codeVerifier = generateCodeVerifier();
  const { state, browserSecret } = farm.access.oauthFlows.begin({ ...flow, codeVerifier });
  const oauth = new OAuth2Client(client.clientId, client.clientSecret, client.redirectUrl);
  const { S256 } = CodeChallengeMethod;
  const scopes = [...OAUTH_PROVIDERS[provider].scopes];
  const url = oauth.createAuthorizationURLWithPKCE(
    endpointsOf(farm, provider).authorize,
    state,
    S256,
    codeVerifier,
    scopes,
  );
  return { url: url.href, browserSecret };
}

/** What a provider sends a person back with, and what the browser has kept. */
export type OauthReturn = {
  provider: Provider;
  state: string;
  code: string | null;
  error: string | null;
  browserSecret: string;
  /** Who is signed in already, if anybody. */
  signedInUserId: number | null;
};

/**
 * Ends a sign-in by a provider: returns the user, and where to go. Throws `sign_in_expired`, `sign_in_denied` when the person said no,
 * `provider_unreachable`, `provider_refused`, and `forbidden` or `conflict` for a person who may not come in by it.
 */
export async function endOauth(farm: Farm, back: OauthReturn): Promise<{ user: StoredUser; flow: OauthFlow }> {
  const { provider, code } = back;
  const client = mustGetOauthClient(farm, provider);
  const flow = farm.access.oauthFlows.take(back.state, back.browserSecret);
  if (flow?.provider !== provider) throw expired();
  if (back.error !== null) throw turnedAway(farm.log, provider, back.error);
  if (code === null) throw expired();
  const { oauthDeadlineMs: deadlineMs } = farm.access;
  const { codeVerifier } = flow;
  const endpoints = endpointsOf(farm, provider);
  const person = await askWho({ provider, client, endpoints, code, codeVerifier, deadlineMs, log: farm.log });
  const email = verifiedEmail(provider, person);
  const user = await farm.commit.write(() => {
    if (flow.connectUserId === null) return userOfPerson(farm, provider, person, email);
    if (flow.connectUserId !== back.signedInUserId) throw expired();
    return connect(farm, flow.connectUserId, provider, person, email);
  });
  if (!mayComeIn(farm, user))
    throw new AppError("forbidden", "This account is disabled; an admin can enable it again.");
  return { user, flow };
}

function endpointsOf(farm: Farm, provider: Provider): Endpoints {
  return farm.access.oauthEndpoints[provider] ?? OAUTH_PROVIDERS[provider].endpoints;
}

function verifiedEmail(provider: Provider, person: ProviderPerson): string {
  if (person.email !== null && person.emailVerified) return person.email;
  const name = PROVIDER_NAMES[provider];
  throw new AppError("forbidden", `Your e-mail address at ${name} is not verified; verify it there and try again.`);
}
