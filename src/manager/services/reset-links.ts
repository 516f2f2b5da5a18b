import { AppError } from "#domain/app-error.ts";
import { deleteExpiredResetLinks, getResetLinkUser, putResetLink } from "#manager/db/reset-links.ts";
import { getUser } from "#manager/db/users.ts";
import { hashPassword } from "#system/passwords.ts";
import { hashToken, newToken } from "#system/tokens.ts";
import { replacePassword } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { checkPassword } from "./passwords.ts";

/** A link is good for this long, and once. */
const LINK_HOURS = 24;

/** Makes the token of a link by which a user sets a new password; an older one is worthless from now on. Throws `not_found`. */
export async function createResetLink(farm: Farm, userId: number): Promise<{ token: string; expiresAtMs: number }> {
  const token = newToken();
  const expiresAtMs = farm.clock.nowMs() + LINK_HOURS * 3600 * 1000;
  await farm.commit.write(() => {
    if (!getUser(farm.db, userId)) throw new AppError("not_found", `There is no user ${userId}.`);
    putResetLink(farm.db, { userId, tokenHash: hashToken(token), expiresAtMs });
  });
  return { token, expiresAtMs };
}

/** Whether a link is still good. */
export function isResetLinkGood(farm: Farm, token: string): boolean {
  return getResetLinkUser(farm.db, hashToken(token), farm.clock.nowMs()) !== null;
}

/** Sets a new password by a link, which is spent by that, and ends all sessions. Throws `link_expired` and `bad_request`. */
export async function resetPassword(farm: Farm, token: string, newPassword: string): Promise<void> {
  const user = userOfLink(farm, token);
  await checkPassword(newPassword, user);
  const hash = await hashPassword(newPassword);
  await farm.commit.write(() => {
    replacePassword(farm, userOfLink(farm, token).id, hash, null);
  });
}

/** Forgets the links that nobody has used in their time. */
export function forgetExpiredResetLinks(farm: Farm): void {
  deleteExpiredResetLinks(farm.db, farm.clock.nowMs());
}

function userOfLink(farm: Farm, token: string) {
  const id = getResetLinkUser(farm.db, hashToken(token), farm.clock.nowMs());
  const user = id === null ? null : getUser(farm.db, id);
  if (user) return user;
  throw new AppError("link_expired", "This link has expired, or was used already; ask an admin for a new one.");
}
