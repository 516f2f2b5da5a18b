import { AppError } from "#domain/app-error.ts";
import type { ApiKey, KeyScope } from "#domain/user.ts";
import {
  deleteKey,
  getKey,
  getKeyByHash,
  insertKey,
  listKeys,
  listKeysNamed,
  listKeysOf,
  touchKey,
  type StoredKey,
} from "#manager/db/api-keys.ts";
import { getUser, getUserByEmail } from "#manager/db/users.ts";
import { hashToken, newToken } from "#system/tokens.ts";
import type { Farm, Office } from "./farm.ts";
import { noteUse } from "./noting-use.ts";

/** `jk` for JiggaBlend key, `r0` for this form of it. */
const KEY_PREFIX = "jk_r0_";

/** What of a key is kept readable: enough to tell keys apart, far too little to guess one. */
const SHOWN_LENGTH = KEY_PREFIX.length + 6;

const KEY_NAME = /^[\w.@ -]{1,100}$/;

/** The last use is noted at most this often. */
const TOUCH_EVERY_MS = 60_000;

/** More keys than anybody has machines. */
const MAX_KEYS_OF_A_USER = 100;

export type NewApiKey = {
  name: string;
  scope: KeyScope;
  userEmail: string | null;
  secret?: string;
  localOnly?: boolean;
};

/** Makes a key and returns it; only its hash is stored, so it cannot be shown again. Throws `bad_request`, `not_found`, `conflict`. */
export function addKey(office: Office, key: NewApiKey): string {
  const user = key.userEmail === null ? null : getUserByEmail(office.db, key.userEmail);
  if (key.userEmail !== null && !user) throw new AppError("not_found", `There is no user ${key.userEmail}.`);
  return storeKey(office, { ...key, userId: user?.id ?? null }).secret;
}

/** The same by the user's id, for the API; also returns what may be shown of the key. */
export function addKeyFor(
  farm: Farm,
  key: { name: string; scope: KeyScope; userId: number | null },
): Promise<{ key: ApiKey; secret: string }> {
  return farm.commit.write(() => {
    if (key.userId !== null && !getUser(farm.db, key.userId))
      throw new AppError("not_found", `There is no user ${key.userId}.`);
    if (key.userId !== null && listKeysOf(farm.db, key.userId).length >= MAX_KEYS_OF_A_USER)
      throw new AppError("conflict", `A user has at most ${MAX_KEYS_OF_A_USER} keys; revoke one first.`);
    return storeKey(farm, key);
  });
}

function storeKey(
  office: Office,
  key: Omit<NewApiKey, "userEmail"> & { userId: number | null },
): { key: ApiKey; secret: string } {
  const name = key.name.trim();
  if (!KEY_NAME.test(name))
    throw new AppError("bad_request", `A key's name has 1 to 100 letters, digits, spaces or .@_- : "${key.name}".`);
  if (key.scope === "user" && key.userId === null)
    throw new AppError("bad_request", "A key of scope user belongs to a user; name one with --user.");
  const secret = key.secret ?? KEY_PREFIX + newToken();
  const id = insertKey(office.db, {
    name,
    keyHash: hashToken(secret),
    prefix: secret.slice(0, SHOWN_LENGTH),
    scope: key.scope,
    userId: key.userId,
    localOnly: key.localOnly ?? false,
    createdAtMs: office.clock.nowMs(),
  });
  if (id === null) throw new AppError("conflict", `There is a key "${name}" already.`);
  return { key: getKey(office.db, id)!, secret };
}

/** Removes a key by its name, and its owner's address where several owners have one of that name. Throws `not_found`, `bad_request`. */
export function removeKey(office: Office, name: string, userEmail: string | null = null): void {
  const named = listKeysNamed(office.db, name);
  const found = userEmail === null ? named : named.filter((key) => sameEmail(key.userEmail, userEmail));
  if (found.length > 1)
    throw new AppError("bad_request", `Several users have a key "${name}"; say whose it is with --user <email>.`);
  if (!found[0] || !deleteKey(office.db, found[0].id)) throw new AppError("not_found", `There is no key "${name}".`);
}

/** All keys, without their secrets. */
export function allKeys(office: Office): ApiKey[] {
  return listKeys(office.db);
}

/** A name like `stem` that no key has. */
export function unusedKeyName(office: Office, stem: string): string {
  const taken = new Set(listKeys(office.db).map((key) => key.name));
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
  return name;
}

/** A user's own keys, the oldest first. */
export function keysOf(farm: Farm, userId: number): ApiKey[] {
  return listKeysOf(farm.db, userId);
}

/** Whether a key is one of a user's own. */
export function isOwnKey(farm: Farm, userId: number, keyId: number): boolean {
  return listKeysOf(farm.db, userId).some((key) => key.id === keyId);
}

/** The key of this secret; null when it is unknown, or may not be used from where the manager can be reached. */
export function findKey(farm: Farm, secret: string): StoredKey | null {
  const key = getKeyByHash(farm.db, hashToken(secret));
  if (!key || (key.localOnly && !farm.loopbackOnly)) return null;
  const nowMs = farm.clock.nowMs();
  if (nowMs - (key.lastUsedAtMs ?? 0) > TOUCH_EVERY_MS) noteUse(farm, () => touchKey(farm.db, key.id, nowMs));
  return key;
}

function sameEmail(a: string | null, b: string): boolean {
  return a?.toLowerCase() === b.trim().toLowerCase();
}
