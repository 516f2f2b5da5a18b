import { newToken, sameSecret } from "#system/tokens.ts";
import type { StoredUser } from "#manager/db/users.ts";

/**
 * A browser in which somebody has signed in before carries a token that says so, and is counted apart from everybody else's guesses:
 * nobody can lock the owner out of it (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing by itself.
 *
 * The token is signed with the hash of the password, so that it needs no store, and a new password makes all of them worthless.
 */
export function newDeviceToken(user: StoredUser): string | null {
  const nonce = newToken();
  return user.passwordHash === null ? null : `${nonce}.${sign(user.id, nonce, user.passwordHash)}`;
}

/** The name of a device whose token is good for this user; null where it is not. */
export function deviceOf(user: StoredUser, token: string): string | null {
  const [nonce = "", signature = ""] = token.split(".");
  if (user.passwordHash === null || !sameSecret(signature, sign(user.id, nonce, user.passwordHash))) return null;
  return nonce;
}

function sign(userId: number, nonce: string, key: string): string {
  return new Bun.CryptoHasher("sha256", key).update(`device of user ${userId}: ${nonce}`).digest("base64url");
}
