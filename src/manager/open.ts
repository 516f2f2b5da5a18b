import { systemClock } from "#system/clock.ts";
import { openDatabase } from "./db/open.ts";
import type { Office } from "./services/farm.ts";

export type { Office } from "./services/farm.ts";
export { addUser, allUsers, setPassword } from "./services/accounts.ts";
export { addKey, allKeys, removeKey } from "./services/keys.ts";
export { oauthClient, providerOfSetting, setOauthClient, unsetOauthClient } from "./services/oauth-settings.ts";
export { removeUser } from "./services/removing-users.ts";
export { changeSetting, listSettings, resetSetting } from "./services/settings.ts";

/** Opens the farm's database without a server, for the command line; it may be done while the manager runs. Closes it at the end of `work`. */
export async function withOffice<T>(options: { db: string }, work: (office: Office) => Promise<T> | T): Promise<T> {
  const db = openDatabase(options.db);
  try {
    return await work({ db, clock: systemClock });
  } finally {
    db.close(false);
  }
}
