import type { User } from "#domain/user.ts";
import { deleteExpiredSessions, deleteSession, getSession, insertSession, touchSession } from "#manager/db/sessions.ts";
import { getUser } from "#manager/db/users.ts";
import { hashToken, newToken } from "#system/tokens.ts";
import type { Farm } from "./farm.ts";

/** A session lives this long after it was last used. */
export const SESSION_DAYS = 30;
const SESSION_MS = SESSION_DAYS * 24 * 3600 * 1000;

/** A session's end is moved on at most this often, so that reading a page is not a write. */
const TOUCH_EVERY_MS = 3600 * 1000;

/** Opens a session; returns its token, which is stored only as a hash. */
export async function openSession(
  farm: Farm,
  user: User,
  from: { userAgent: string; address: string },
): Promise<string> {
  const token = newToken();
  const nowMs = farm.clock.nowMs();
  const times = { createdAtMs: nowMs, lastUsedAtMs: nowMs, expiresAtMs: nowMs + SESSION_MS };
  const userAgent = from.userAgent.slice(0, 300);
  await farm.commit.write(() =>
    insertSession(farm.db, {
      tokenHash: hashToken(token),
      userId: user.id,
      userAgent,
      address: from.address,
      ...times,
    }),
  );
  return token;
}

/** The user whose session has this token, with the session's hash; null when it is unknown, expired, or the user may not come in. */
export function userOfSession(farm: Farm, token: string): { user: User; sessionHash: string } | null {
  const session = getSession(farm.db, hashToken(token));
  const nowMs = farm.clock.nowMs();
  if (!session || session.expiresAtMs <= nowMs) return null;
  const user = getUser(farm.db, session.userId);
  if (!user || user.disabled || (user.localOnly && !farm.loopbackOnly)) return null;
  if (nowMs - session.lastUsedAtMs > TOUCH_EVERY_MS)
    touchSession(farm.db, session.tokenHash, nowMs, nowMs + SESSION_MS);
  return { user, sessionHash: session.tokenHash };
}

/** Ends a session. */
export async function closeSession(farm: Farm, sessionHash: string): Promise<void> {
  await farm.commit.write(() => deleteSession(farm.db, sessionHash));
}

/** Forgets the sessions that have run out. */
export function forgetExpiredSessions(farm: Farm): void {
  deleteExpiredSessions(farm.db, farm.clock.nowMs());
}
