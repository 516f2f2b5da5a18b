import { AppError } from "#domain/app-error.ts";
import { oauthSettingName, PROVIDER_NAMES, PROVIDERS, type Provider } from "#domain/identity.ts";
import { deleteSetting, getSetting, setSetting } from "#manager/db/settings.ts";
import type { Office } from "./farm.ts";
import { mustNotBeOnlyWayIn } from "./ways-in.ts";

/** What a provider knows this farm as. The secret leaves the database only on its way to the provider. */
export type OauthClient = { clientId: string; clientSecret: string; redirectUrl: string };

const NO_SPACES = /^[\x21-\x7e]{1,500}$/;

/** The provider that a setting is about; null for any other name. */
export function providerOfSetting(name: string): Provider | null {
  return PROVIDERS.find((provider) => oauthSettingName(provider) === name) ?? null;
}

/** How this farm is known to a provider; null while that is not set up. Read anew each time, so that a change holds at once. */
export function oauthClient(office: Office, provider: Provider): OauthClient | null {
  const stored = getSetting(office.db, oauthSettingName(provider));
  return stored === null ? null : (JSON.parse(stored) as OauthClient);
}

/** The same; throws `not_found` where it is not set up. */
export function mustGetOauthClient(office: Office, provider: Provider): OauthClient {
  const client = oauthClient(office, provider);
  if (!client) throw new AppError("not_found", `Sign-in with ${PROVIDER_NAMES[provider]} is not set up here.`);
  return client;
}

/** The providers that are set up. */
export function oauthProviders(office: Office): Provider[] {
  return PROVIDERS.filter((provider) => oauthClient(office, provider) !== null);
}

/** What of this would not do to set a provider up, each part with the sentence that says why. */
export function oauthProblems(provider: Provider, client: OauthClient): Partial<Record<keyof OauthClient, string>> {
  const isRedirect = redirectUrl(provider, client.redirectUrl) !== null;
  const path = callbackPath(provider);
  return {
    ...(!NO_SPACES.test(client.clientId) && { clientId: "The client id is empty or has spaces in it." }),
    ...(!NO_SPACES.test(client.clientSecret) && { clientSecret: "The client secret is empty or has spaces in it." }),
    ...(!isRedirect && {
      redirectUrl: `The redirect URL is the farm's own address followed by ${path}, such as https://farm.example${path}; not "${client.redirectUrl}".`,
    }),
  };
}

/** Sets a provider up. Throws `bad_request` for what would not do, such as a redirect URL that it could not send people back to. */
export function setOauthClient(office: Office, provider: Provider, client: OauthClient): void {
  const [problem] = Object.values(oauthProblems(provider, client));
  if (problem !== undefined) throw new AppError("bad_request", problem);
  const url = redirectUrl(provider, client.redirectUrl);
  setSetting(office.db, oauthSettingName(provider), JSON.stringify({ ...client, redirectUrl: url }));
}

/** Ends sign-in with a provider; accounts stay connected, for when it is set up again. Throws `not_found` where it is not set up, and `conflict` where nobody could sign in then. */
export function unsetOauthClient(office: Office, provider: Provider): void {
  mustGetOauthClient(office, provider);
  mustNotBeOnlyWayIn(office, provider);
  deleteSetting(office.db, oauthSettingName(provider));
}

/** Where a provider sends people back to: a path of this farm. */
export function callbackPath(provider: Provider): string {
  return `/api/auth/${provider}/callback`;
}

/** The address as it is stored, or null where it does not lead back here. */
function redirectUrl(provider: Provider, text: string): string | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "") return null;
  return url.pathname === callbackPath(provider) && url.search === "" && url.hash === "" ? url.href : null;
}
