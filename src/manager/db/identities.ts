import type { Database } from "bun:sqlite";
import type { Identity, Provider } from "#domain/identity.ts";

const SELECT = "SELECT provider, subject, user_id AS userId, email, created_at_ms AS createdAtMs FROM identities";

/** Who a provider's account signs in here; null if nobody. */
export function getIdentity(db: Database, provider: Provider, subject: string): Identity | null {
  return db.query<Identity, [string, string]>(`${SELECT} WHERE provider = ? AND subject = ?`).get(provider, subject);
}

/** The providers' accounts that sign a user in, by provider. */
export function listIdentities(db: Database, userId: number): Identity[] {
  return db.query<Identity, [number]>(`${SELECT} WHERE user_id = ? ORDER BY provider`).all(userId);
}

/** Lets a provider's account sign a user in. Returns whether it could: it may be another's, and a user has one of each provider. */
export function insertIdentity(db: Database, identity: Identity): boolean {
  const { provider, subject, userId, email, createdAtMs } = identity;
  const added = db
    .query(
      `INSERT INTO identities (provider, subject, user_id, email, created_at_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .run(provider, subject, userId, email, createdAtMs);
  return added.changes > 0;
}

/** Ends that a provider signs a user in. */
export function deleteIdentity(db: Database, userId: number, provider: Provider): void {
  db.query("DELETE FROM identities WHERE user_id = ? AND provider = ?").run(userId, provider);
}
