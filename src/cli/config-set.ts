import { oauthSettingName, PROVIDERS } from "#domain/identity.ts";
import {
  changeSetting,
  listSettings,
  oauthClient,
  providerOfSetting,
  resetSetting,
  setOauthClient,
  setPassword,
  unsetOauthClient,
  type Office,
} from "#manager/open.ts";
import type { FlagValues } from "./flags.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/** Reads a secret that is given as `-` from standard input, so that it stands in no list of processes and in no history. */
export type ReadSecret = (given: string) => Promise<string>;

/** `set <setting> <value>`, `set google-oauth <client-id> <client-secret> --redirect-url <url>`, `set password <email> <password>`. */
export async function setValue(
  office: Office,
  [name = "", ...values]: string[],
  flags: FlagValues,
  readSecret: ReadSecret,
): Promise<void> {
  const provider = providerOfSetting(name);
  const [first, second] = values;
  if (provider) {
    const usage = `set ${name} <client-id> <client-secret> --redirect-url <url>`;
    const redirectUrl = flags.text("redirect-url");
    if (first === undefined || second === undefined || values.length > 2 || redirectUrl === null)
      throw new UsageError(`It is: ${usage}`);
    setOauthClient(office, provider, { clientId: first, clientSecret: await readSecret(second), redirectUrl });
  } else if (name === "password") {
    if (first === undefined || second === undefined || values.length > 2)
      throw new UsageError("It is: set password <email> <password>, where - reads the password from standard input.");
    await setPassword(office, first, await readSecret(second));
  } else {
    if (first === undefined || second !== undefined) throw new UsageError(`It is: set ${name} <value>`);
    changeSetting(office, name, first);
  }
}

/** `unset <setting>`: ends sign-in with a provider, or lets a setting's default hold again. */
export function unsetValue(office: Office, name: string): void {
  const provider = providerOfSetting(name);
  if (provider) unsetOauthClient(office, provider);
  else resetSetting(office, name);
}

/** All settings; of a provider's, never the secret. */
export function settingsTable(office: Office): string {
  const oauth = PROVIDERS.map((provider) => {
    const client = oauthClient(office, provider);
    const value = client ? `${client.clientId} ${client.redirectUrl}` : "off";
    return [oauthSettingName(provider), value, "client id and redirect URL; the secret is not shown"];
  });
  return table([...listSettings(office).map(({ name, value, description }) => [name, value, description]), ...oauth]);
}
