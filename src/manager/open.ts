import { probeSandbox, type SandboxMode } from "#programs/probe-sandbox.ts";
import { systemClock } from "#system/clock.ts";
import { openDatabase } from "./db/open.ts";
import { openLayout } from "./storage/layout.ts";
import type { BlenderOffice } from "./services/blender-office.ts";
import type { Office } from "./services/farm.ts";

export type { Office } from "./services/farm.ts";
export { addUser, allUsers, setPassword } from "./services/accounts.ts";
export { addKey, allKeys, removeKey } from "./services/keys.ts";
export { oauthClient, providerOfSetting, setOauthClient, unsetOauthClient } from "./services/oauth-settings.ts";
export { removeUser } from "./services/removing-users.ts";
export { changeSetting, resetSetting } from "./services/changing-settings.ts";
export { listSettings } from "./services/settings.ts";

export { addBlender } from "./services/adding-blender.ts";
export type { AddingProgress, BlenderSource } from "./services/blender-source.ts";
export type { BlenderOffice } from "./services/blender-office.ts";
export { storedBlendersOf, unfinishedDownloads } from "./services/blender-versions.ts";
export { removeBlender } from "./services/removing-blender.ts";

/** The same with the storage, to add and remove Blenders; they are tried in the sandbox. */
export async function withBlenderOffice<T>(
  options: { db: string; storage: string; sandbox: SandboxMode },
  work: (office: BlenderOffice) => Promise<T> | T,
): Promise<T> {
  const [storage, sandbox] = [await openLayout(options.storage), await probeSandbox(options.sandbox)];
  return withOffice(options, (office) =>
    work({
      ...office,
      storage,
      sandbox,
      write: (change) => Promise.resolve(office.db.transaction(change).immediate()),
    }),
  );
}

/** Opens the farm's database without a server, for the command line; it may be done while the manager runs. Closes it at the end of `work`. */
export async function withOffice<T>(options: { db: string }, work: (office: Office) => Promise<T> | T): Promise<T> {
  const db = openDatabase(options.db);
  try {
    return await work({ db, clock: systemClock });
  } finally {
    db.close(false);
  }
}
