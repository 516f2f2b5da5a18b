import type { Database } from "bun:sqlite";
import type { ApiKey, KeyScope } from "#domain/user.ts";

type Row = ApiKey & { localOnly: number };
export type StoredKey = ApiKey & { localOnly: boolean };

const SELECT = `SELECT k.id, k.name, k.prefix, k.scope, k.user_id AS userId, u.email AS userEmail, k.local_only AS localOnly,
    k.created_at_ms AS createdAtMs, k.last_used_at_ms AS lastUsedAtMs
  FROM api_keys k LEFT JOIN users u ON u.id = k.user_id`;

function fromRow(row: Row): StoredKey {
  return { ...row, localOnly: row.localOnly === 1 };
}

/** The key that has this hash; null if there is none. */
export function getKeyByHash(db: Database, keyHash: string): StoredKey | null {
  const row = db.query<Row, [string]>(`${SELECT} WHERE k.key_hash = ?`).get(keyHash);
  return row && fromRow(row);
}

/** All keys, by name. */
export function listKeys(db: Database): ApiKey[] {
  return db.query<Row, []>(`${SELECT} ORDER BY k.name, k.id`).all().map(fromRow);
}

/** The keys of this name: each owner may have one. */
export function listKeysNamed(db: Database, name: string): ApiKey[] {
  return db.query<Row, [string]>(`${SELECT} WHERE k.name = ? ORDER BY k.id`).all(name).map(fromRow);
}

/** The keys of scope `user` that belong to a user, the oldest first. */
export function listKeysOf(db: Database, userId: number): ApiKey[] {
  return db
    .query<Row, [number]>(`${SELECT} WHERE k.user_id = ? AND k.scope = 'user' ORDER BY k.id`)
    .all(userId)
    .map(fromRow);
}

/** Which of these keys are still good: there, and not of a user who was disabled. */
export function listGoodKeyIds(db: Database): number[] {
  return db
    .query<{ id: number }, []>(
      "SELECT k.id FROM api_keys k LEFT JOIN users u ON u.id = k.user_id WHERE k.scope = 'manager' OR u.disabled = 0",
    )
    .all()
    .map((row) => row.id);
}

export type NewKey = {
  name: string;
  keyHash: string;
  prefix: string;
  scope: KeyScope;
  userId: number | null;
  localOnly: boolean;
  createdAtMs: number;
};

/** Adds a key; returns its id, or null where its owner has one of that name. */
export function insertKey(db: Database, key: NewKey): number | null {
  const row = db
    .query<{ id: number }, [string, string, string, string, number | null, number, number]>(
      `INSERT INTO api_keys (name, key_hash, prefix, scope, user_id, local_only, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (COALESCE(user_id, 0), name) DO NOTHING RETURNING id`,
    )
    .get(key.name, key.keyHash, key.prefix, key.scope, key.userId, Number(key.localOnly), key.createdAtMs);
  return row?.id ?? null;
}

/** Notes when a key was last used. */
export function touchKey(db: Database, id: number, nowMs: number): void {
  db.query("UPDATE api_keys SET last_used_at_ms = ? WHERE id = ?").run(nowMs, id);
}

/** The key of this id; null if there is none. */
export function getKey(db: Database, id: number): StoredKey | null {
  const row = db.query<Row, [number]>(`${SELECT} WHERE k.id = ?`).get(id);
  return row && fromRow(row);
}

/** Removes a key. Returns whether there was one. */
export function deleteKey(db: Database, id: number): boolean {
  return db.query("DELETE FROM api_keys WHERE id = ?").run(id).changes > 0;
}
