import { AppError } from "#domain/app-error.ts";
import type { User } from "#domain/user.ts";
import {
  deleteExpiredSessions,
  deleteOtherSessions,
  deleteSession,
  deleteSessionOf,
  getSession,
  insertSession,
  listSessions,
  touchSession,
  type Session,
} from "#manager/db/sessions.ts";
import { getUser, type StoredUser } from "#manager/db/users.ts";
import { hashToken, newToken } from "#system/tokens.ts";
import { mayComeIn } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { noteUse } from "./noting-use.ts";

/** A session lives this long after it was last used. */
export const SESSION_DAYS = 30;
const SESSION_MS = SESSION_DAYS * 24 * 3600 * 1000;

/** A session's end is moved on at most this often, so that reading a page is not a write. */
const TOUCH_EVERY_MS = 3600 * 1000;

/**
 * Opens a session for a user who has just shown who they are; returns its token, which is stored only as a hash. Throws `unauthorized`
 * where the account is gone, or has another password by now.
 */
export async function openSession(
  farm: Farm,
  user: StoredUser,
  from: { userAgent: string; address: string },
): Promise<string> {
  const token = newToken();
  const nowMs = farm.clock.nowMs();
  const times = { createdAtMs: nowMs, lastUsedAtMs: nowMs, expiresAtMs: nowMs + SESSION_MS };
  const userAgent = from.userAgent.slice(0, 300);
  const session = { tokenHash: hashToken(token), userId: user.id, userAgent, address: from.address, ...times };
  await farm.commit.write(() => {
    const now = getUser(farm.db, user.id);
    if (!now || now.passwordHash !== user.passwordHash)
      throw new AppError("unauthorized", "This account has just been changed; sign in again.");
    insertSession(farm.db, session);
  });
  return token;
}

/** Who a session speaks for; `prolonged` says that its end has just been moved on. */
export type LiveSession = { user: User; sessionHash: string; prolonged: boolean };

/** The user whose session has this token, with the session's hash; null when it is unknown, expired, or the user may not come in. */
export function userOfSession(farm: Farm, token: string): LiveSession | null {
  const session = getSession(farm.db, hashToken(token));
  const nowMs = farm.clock.nowMs();
  if (!session || session.expiresAtMs <= nowMs) return null;
  const user = getUser(farm.db, session.userId);
  if (!user || !mayComeIn(farm, user)) return null;
  const prolonged = nowMs - session.lastUsedAtMs > TOUCH_EVERY_MS;
  if (prolonged) noteUse(farm, () => touchSession(farm.db, session.tokenHash, nowMs, nowMs + SESSION_MS));
  return { user, sessionHash: session.tokenHash, prolonged };
}

/** Ends a session. */
export async function closeSession(farm: Farm, sessionHash: string): Promise<void> {
  await farm.commit.write(() => deleteSession(farm.db, sessionHash));
}

/** A session as its owner sees it; `current` is the one that asks. */
export type OwnSession = Omit<Session, "tokenHash" | "userId"> & { current: boolean };

/** A user's sessions, the one used last first. */
export function sessionsOf(farm: Farm, userId: number, currentHash: string): OwnSession[] {
  return listSessions(farm.db, userId, farm.clock.nowMs()).map(({ tokenHash, userId: _, ...session }) => ({
    ...session,
    current: tokenHash === currentHash,
  }));
}

/** Ends a session of a user by its id; throws `not_found`. */
export async function revokeSession(farm: Farm, userId: number, id: number): Promise<void> {
  const ended = await farm.commit.write(() => deleteSessionOf(farm.db, userId, id));
  if (!ended) throw new AppError("not_found", `You have no session ${id}.`);
}

/** Ends all sessions of a user but the one that asks. */
export async function revokeOtherSessions(farm: Farm, userId: number, currentHash: string): Promise<void> {
  await farm.commit.write(() => deleteOtherSessions(farm.db, userId, currentHash));
}

/** Forgets the sessions that have run out. */
export function forgetExpiredSessions(farm: Farm): void {
  deleteExpiredSessions(farm.db, farm.clock.nowMs());
}
