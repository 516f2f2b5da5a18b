import { AppError } from "#domain/app-error.ts";
import { oauthSettingName, PROVIDER_NAMES, PROVIDERS, type Provider } from "#domain/identity.ts";
import { getSetting } from "#manager/db/settings.ts";
import type { Office } from "./farm.ts";
import { isEnabled } from "./settings.ts";

/** A way in which people can sign in to a farm. */
export type WayIn = "password" | Provider;

/** The only way in that is open; null where there are several, or none. */
export function onlyWayIn(office: Office): WayIn | null {
  const open = (["password", ...PROVIDERS] as const).filter((way) => isOpen(office, way));
  return open.length === 1 ? open[0]! : null;
}

/** Before a way in is closed: throws `conflict` where nobody could sign in any more. */
export function mustNotBeOnlyWayIn(office: Office, way: WayIn): void {
  if (onlyWayIn(office) !== way) return;
  const [name, instead] =
    way === "password"
      ? ["a password", "set up sign-in with Google or Discord"]
      : [PROVIDER_NAMES[way], "switch on sign-in with a password"];
  throw new AppError("conflict", `Sign-in with ${name} is the only way in; ${instead} before you switch it off.`);
}

function isOpen(office: Office, way: WayIn): boolean {
  return way === "password" ? isEnabled(office, "localauth") : getSetting(office.db, oauthSettingName(way)) !== null;
}
