import type { Database } from "bun:sqlite";
import type { User } from "#domain/user.ts";

type Row = Omit<User, "admin" | "disabled"> & {
  admin: number;
  disabled: number;
  passwordHash: string | null;
  localOnly: number;
};
export type StoredUser = User & { passwordHash: string | null; localOnly: boolean };

const COLUMNS = `id, email, name, password_hash AS passwordHash, admin, disabled, local_only AS localOnly, created_at_ms AS createdAtMs`;

function fromRow(row: Row | null): StoredUser | null {
  return row && { ...row, admin: row.admin === 1, disabled: row.disabled === 1, localOnly: row.localOnly === 1 };
}

/** The user with this e-mail address, whatever its case; null if there is none. */
export function getUserByEmail(db: Database, email: string): StoredUser | null {
  return fromRow(db.query<Row, [string]>(`SELECT ${COLUMNS} FROM users WHERE email = ?`).get(email));
}

/** The user of this id; null if there is none. */
export function getUser(db: Database, id: number): StoredUser | null {
  return fromRow(db.query<Row, [number]>(`SELECT ${COLUMNS} FROM users WHERE id = ?`).get(id));
}

/** All users, by e-mail address. */
export function listUsers(db: Database): StoredUser[] {
  return db
    .query<Row, []>(`SELECT ${COLUMNS} FROM users ORDER BY email`)
    .all()
    .map((row) => fromRow(row)!);
}

export type NewUser = {
  email: string;
  name: string;
  passwordHash: string | null;
  admin: boolean;
  localOnly: boolean;
  createdAtMs: number;
};

/** Adds a user; returns the id, or null where the e-mail address is taken. */
export function insertUser(db: Database, user: NewUser): number | null {
  const row = db
    .query<{ id: number }, [string, string, string | null, number, number, number]>(
      `INSERT INTO users (email, name, password_hash, admin, local_only, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (email) DO NOTHING RETURNING id`,
    )
    .get(user.email, user.name, user.passwordHash, Number(user.admin), Number(user.localOnly), user.createdAtMs);
  return row?.id ?? null;
}

/** Replaces a user's password. */
export function setPasswordHash(db: Database, id: number, passwordHash: string): void {
  db.query("UPDATE users SET password_hash = ? WHERE id = ?").run(passwordHash, id);
}

/** Removes a user; sessions and keys go with it. Returns whether there was one. */
export function deleteUser(db: Database, id: number): boolean {
  return db.query("DELETE FROM users WHERE id = ?").run(id).changes > 0;
}
