import { AppError } from "#domain/app-error.ts";
import { PROVIDER_NAMES, PROVIDERS, type Provider } from "#domain/identity.ts";
import { deleteSetting, getSetting, setSetting } from "#manager/db/settings.ts";
import type { Office } from "./farm.ts";

/** What a provider knows this farm as. The secret leaves the database only on its way to the provider. */
export type OauthClient = { clientId: string; clientSecret: string; redirectUrl: string };

/** The name under which `manager config` sets a provider up. */
export type OauthSettingName = `${Provider}-oauth`;

const NO_SPACES = /^[\x21-\x7e]{1,500}$/;

/** The provider that a setting is about; null for any other name. */
export function providerOfSetting(name: string): Provider | null {
  return PROVIDERS.find((provider) => settingName(provider) === name) ?? null;
}

/** How this farm is known to a provider; null while that is not set up. Read anew each time, so that a change holds at once. */
export function oauthClient(office: Office, provider: Provider): OauthClient | null {
  const stored = getSetting(office.db, settingName(provider));
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

/** Sets a provider up. Throws `bad_request` for a redirect URL that the provider could not send people back to. */
export function setOauthClient(office: Office, provider: Provider, client: OauthClient): void {
  if (!NO_SPACES.test(client.clientId))
    throw new AppError("bad_request", "The client id is empty or has spaces in it.");
  if (!NO_SPACES.test(client.clientSecret))
    throw new AppError("bad_request", "The client secret is empty or has spaces in it.");
  const redirectUrl = checkRedirectUrl(provider, client.redirectUrl);
  setSetting(office.db, settingName(provider), JSON.stringify({ ...client, redirectUrl }));
}

/** Ends sign-in with a provider; accounts stay connected, for when it is set up again. Throws `not_found` where it is not set up. */
export function unsetOauthClient(office: Office, provider: Provider): void {
  mustGetOauthClient(office, provider);
  deleteSetting(office.db, settingName(provider));
}

function settingName(provider: Provider): OauthSettingName {
  return `${provider}-oauth`;
}

function checkRedirectUrl(provider: Provider, text: string): string {
  const url = URL.parse(text);
  const path = `/api/auth/${provider}/callback`;
  const fits = url && /^https?:$/.test(url.protocol) && url.pathname === path && url.search === "" && url.hash === "";
  if (!fits || url.username !== "")
    throw new AppError(
      "bad_request",
      `The redirect URL is the farm's own address followed by ${path}, such as https://farm.example${path}; not "${text}".`,
    );
  return url.href;
}
