import { AppError } from "#domain/app-error.ts";
import type { ApiKey, KeyScope } from "#domain/user.ts";
import { deleteKeyByName, getKeyByHash, insertKey, listKeys, touchKey, type StoredKey } from "#manager/db/api-keys.ts";
import { getUserByEmail } from "#manager/db/users.ts";
import { hashToken, newToken } from "#system/tokens.ts";
import type { Farm, Office } from "./farm.ts";

/** `jk` for JiggaBlend key, `r0` for this form of it. */
const KEY_PREFIX = "jk_r0_";

/** What of a key is kept readable: enough to tell keys apart, far too little to guess one. */
const SHOWN_LENGTH = KEY_PREFIX.length + 6;

const KEY_NAME = /^[\w.@ -]{1,100}$/;

/** The last use is noted at most this often. */
const TOUCH_EVERY_MS = 60_000;

export type NewApiKey = {
  name: string;
  scope: KeyScope;
  userEmail: string | null;
  secret?: string;
  localOnly?: boolean;
};

/** Makes a key and returns it; only its hash is stored, so it cannot be shown again. Throws `bad_request`, `not_found`, `conflict`. */
export function addKey(office: Office, key: NewApiKey): string {
  if (!KEY_NAME.test(key.name))
    throw new AppError("bad_request", `A key's name has 1 to 100 letters, digits, spaces or .@_- : "${key.name}".`);
  const user = key.userEmail === null ? null : getUserByEmail(office.db, key.userEmail);
  if (key.userEmail !== null && !user) throw new AppError("not_found", `There is no user ${key.userEmail}.`);
  if (key.scope === "user" && !user)
    throw new AppError("bad_request", "A key of scope user belongs to a user; name one with --user.");
  const secret = key.secret ?? KEY_PREFIX + newToken();
  const id = insertKey(office.db, {
    name: key.name,
    keyHash: hashToken(secret),
    prefix: secret.slice(0, SHOWN_LENGTH),
    scope: key.scope,
    userId: user?.id ?? null,
    localOnly: key.localOnly ?? false,
    createdAtMs: office.clock.nowMs(),
  });
  if (id === null) throw new AppError("conflict", `There is a key "${key.name}" already.`);
  return secret;
}

/** Removes a key; throws `not_found`. A runner that uses it ends at its next call. */
export function removeKey(office: Office, name: string): void {
  if (!deleteKeyByName(office.db, name)) throw new AppError("not_found", `There is no key "${name}".`);
}

/** All keys, without their secrets. */
export function allKeys(office: Office): ApiKey[] {
  return listKeys(office.db);
}

/** The key of this secret; null when it is unknown, or may not be used from where the manager can be reached. */
export function findKey(farm: Farm, secret: string): StoredKey | null {
  const key = getKeyByHash(farm.db, hashToken(secret));
  if (!key || (key.localOnly && !farm.loopbackOnly)) return null;
  const nowMs = farm.clock.nowMs();
  if (nowMs - (key.lastUsedAtMs ?? 0) > TOUCH_EVERY_MS) touchKey(farm.db, key.id, nowMs);
  return key;
}
