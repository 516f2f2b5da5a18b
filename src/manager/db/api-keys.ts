import type { Database } from "bun:sqlite";
import type { ApiKey, KeyScope } from "#domain/user.ts";

type Row = ApiKey & { localOnly: number };
export type StoredKey = ApiKey & { localOnly: boolean };

const SELECT = `SELECT k.id, k.name, k.prefix, k.scope, k.user_id AS userId, u.email AS userEmail, k.local_only AS localOnly,
    k.created_at_ms AS createdAtMs, k.last_used_at_ms AS lastUsedAtMs
  FROM api_keys k LEFT JOIN users u ON u.id = k.user_id`;

/** The key that has this hash; null if there is none. */
export function getKeyByHash(db: Database, keyHash: string): StoredKey | null {
  const row = db.query<Row, [string]>(`${SELECT} WHERE k.key_hash = ?`).get(keyHash);
  return row && { ...row, localOnly: row.localOnly === 1 };
}

/** All keys, by name. */
export function listKeys(db: Database): ApiKey[] {
  return db.query<ApiKey, []>(`${SELECT} ORDER BY k.name`).all();
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

/** Adds a key; returns its id, or null where the name is taken. */
export function insertKey(db: Database, key: NewKey): number | null {
  const row = db
    .query<{ id: number }, [string, string, string, string, number | null, number, number]>(
      `INSERT INTO api_keys (name, key_hash, prefix, scope, user_id, local_only, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO NOTHING RETURNING id`,
    )
    .get(key.name, key.keyHash, key.prefix, key.scope, key.userId, Number(key.localOnly), key.createdAtMs);
  return row?.id ?? null;
}

/** Notes when a key was last used. */
export function touchKey(db: Database, id: number, nowMs: number): void {
  db.query("UPDATE api_keys SET last_used_at_ms = ? WHERE id = ?").run(nowMs, id);
}

/** Removes a key by name. Returns whether there was one. */
export function deleteKeyByName(db: Database, name: string): boolean {
  return db.query("DELETE FROM api_keys WHERE name = ?").run(name).changes > 0;
}
