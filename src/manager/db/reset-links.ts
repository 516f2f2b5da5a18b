import type { Database } from "bun:sqlite";

/** Stores a user's reset link; an older one is worthless from now on. */
export function putResetLink(db: Database, link: { userId: number; tokenHash: string; expiresAtMs: number }): void {
  db.query(
    `INSERT INTO reset_links (user_id, token_hash, expires_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at_ms = excluded.expires_at_ms`,
  ).run(link.userId, link.tokenHash, link.expiresAtMs);
}

/** Whose link this is; null if it is nobody's, or has expired. */
export function getResetLinkUser(db: Database, tokenHash: string, nowMs: number): number | null {
  const row = db
    .query<{ userId: number }, [string, number]>(
      "SELECT user_id AS userId FROM reset_links WHERE token_hash = ? AND expires_at_ms > ?",
    )
    .get(tokenHash, nowMs);
  return row?.userId ?? null;
}

/** Makes a user's reset link worthless. */
export function deleteResetLink(db: Database, userId: number): void {
  db.query("DELETE FROM reset_links WHERE user_id = ?").run(userId);
}

/** Forgets the links that have expired. */
export function deleteExpiredResetLinks(db: Database, nowMs: number): void {
  db.query("DELETE FROM reset_links WHERE expires_at_ms <= ?").run(nowMs);
}
