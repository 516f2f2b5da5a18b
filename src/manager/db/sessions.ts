import type { Database } from "bun:sqlite";

export type Session = {
  id: number;
  tokenHash: string;
  userId: number;
  userAgent: string;
  address: string;
  createdAtMs: number;
  lastUsedAtMs: number;
  expiresAtMs: number;
};

const COLUMNS = `id, token_hash AS tokenHash, user_id AS userId, user_agent AS userAgent, address,
  created_at_ms AS createdAtMs, last_used_at_ms AS lastUsedAtMs, expires_at_ms AS expiresAtMs`;

/** The session whose token has this hash, expired or not; null if there is none. */
export function getSession(db: Database, tokenHash: string): Session | null {
  return db.query<Session, [string]>(`SELECT ${COLUMNS} FROM sessions WHERE token_hash = ?`).get(tokenHash);
}

/** Stores a new session. */
export function insertSession(db: Database, session: Omit<Session, "id">): void {
  db.query(
    `INSERT INTO sessions (token_hash, user_id, user_agent, address, created_at_ms, last_used_at_ms, expires_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    session.tokenHash,
    session.userId,
    session.userAgent,
    session.address,
    session.createdAtMs,
    session.lastUsedAtMs,
    session.expiresAtMs,
  );
}

/** The sessions of a user that have not run out, the one used last first. */
export function listSessions(db: Database, userId: number, nowMs: number): Session[] {
  return db
    .query<Session, [number, number]>(
      `SELECT ${COLUMNS} FROM sessions WHERE user_id = ? AND expires_at_ms > ? ORDER BY last_used_at_ms DESC, id DESC`,
    )
    .all(userId, nowMs);
}

/** When a user last used one of the sessions that are there; null where there is none. */
export function lastUseOf(db: Database, userId: number): number | null {
  const row = db
    .query<{ at: number | null }, [number]>("SELECT max(last_used_at_ms) AS at FROM sessions WHERE user_id = ?")
    .get(userId);
  return row?.at ?? null;
}

/** Moves a session's end on, because it was used. */
export function touchSession(db: Database, tokenHash: string, lastUsedAtMs: number, expiresAtMs: number): void {
  db.query("UPDATE sessions SET last_used_at_ms = ?, expires_at_ms = ? WHERE token_hash = ?").run(
    lastUsedAtMs,
    expiresAtMs,
    tokenHash,
  );
}

/** Ends one session. */
export function deleteSession(db: Database, tokenHash: string): void {
  db.query("DELETE FROM sessions WHERE token_hash = ?").run(tokenHash);
}

/** Ends one session of a user by its id. Returns whether there was one. */
export function deleteSessionOf(db: Database, userId: number, id: number): boolean {
  return db.query("DELETE FROM sessions WHERE user_id = ? AND id = ?").run(userId, id).changes > 0;
}

/** Ends all sessions of a user but one; all of them where that is null. */
export function deleteOtherSessions(db: Database, userId: number, exceptTokenHash: string | null): void {
  db.query("DELETE FROM sessions WHERE user_id = ? AND token_hash IS NOT ?").run(userId, exceptTokenHash);
}

/** Removes the sessions that have run out. */
export function deleteExpiredSessions(db: Database, nowMs: number): void {
  db.query("DELETE FROM sessions WHERE expires_at_ms <= ?").run(nowMs);
}
