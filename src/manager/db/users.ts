import type { Database } from "bun:sqlite";
import type { User } from "#domain/user.ts";

type Row = Omit<User, "admin" | "disabled"> & {
  admin: number;
  disabled: number;
  passwordHash: string | null;
  emailVerified: number;
  localOnly: number;
};

/** `emailVerified`: an admin or a provider vouches that the address is this person's. */
export type StoredUser = User & { passwordHash: string | null; emailVerified: boolean; localOnly: boolean };

const COLUMNS = `id, email, name, password_hash AS passwordHash, admin, disabled, email_verified AS emailVerified,
  local_only AS localOnly, created_at_ms AS createdAtMs`;

function fromRow(row: Row | null): StoredUser | null {
  if (!row) return null;
  const { admin, disabled, emailVerified, localOnly } = row;
  return {
    ...row,
    admin: admin === 1,
    disabled: disabled === 1,
    emailVerified: emailVerified === 1,
    localOnly: localOnly === 1,
  };
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

/** Users in the order in which they were made, those with ids above `after`. */
export function listUsersAfter(db: Database, after: number, limit: number): StoredUser[] {
  return db
    .query<Row, [number, number]>(`SELECT ${COLUMNS} FROM users WHERE id > ? ORDER BY id LIMIT ?`)
    .all(after, limit)
    .map((row) => fromRow(row)!);
}

/** Whether there is any user at all. */
export function hasUsers(db: Database): boolean {
  return db.query("SELECT 1 FROM users LIMIT 1").get() !== null;
}

/** How many admins may come in besides this user. The test admin, who works on one machine alone, stands in for no real one. */
export function countOtherAdmins(db: Database, user: Pick<StoredUser, "id" | "localOnly">): number {
  const row = db
    .query<{ count: number }, [number, number]>(
      "SELECT count(*) AS count FROM users WHERE admin = 1 AND disabled = 0 AND local_only <= ? AND id <> ?",
    )
    .get(Number(user.localOnly), user.id);
  return row?.count ?? 0;
}

export type NewUser = {
  email: string;
  name: string;
  passwordHash: string | null;
  admin: boolean;
  emailVerified: boolean;
  localOnly: boolean;
  createdAtMs: number;
};

/** Adds a user; returns the id, or null where the e-mail address is taken. */
export function insertUser(db: Database, user: NewUser): number | null {
  const { email, name, passwordHash, admin, emailVerified, localOnly, createdAtMs } = user;
  const row = db
    .query<{ id: number }, [string, string, string | null, number, number, number, number]>(
      `INSERT INTO users (email, name, password_hash, admin, email_verified, local_only, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING id`,
    )
    .get(email, name, passwordHash, Number(admin), Number(emailVerified), Number(localOnly), createdAtMs);
  return row?.id ?? null;
}

/** Replaces a user's password. */
export function setPasswordHash(db: Database, id: number, passwordHash: string): void {
  db.query("UPDATE users SET password_hash = ? WHERE id = ?").run(passwordHash, id);
}

/** Writes what an admin may change of a user, all of it. */
export function updateUser(
  db: Database,
  user: Pick<StoredUser, "id" | "name" | "admin" | "disabled" | "emailVerified">,
): void {
  db.query("UPDATE users SET name = ?, admin = ?, disabled = ?, email_verified = ? WHERE id = ?").run(
    user.name,
    Number(user.admin),
    Number(user.disabled),
    Number(user.emailVerified),
    user.id,
  );
}

/** Removes a user; sessions and keys go with it. Returns whether there was one. */
export function deleteUser(db: Database, id: number): boolean {
  return db.query("DELETE FROM users WHERE id = ?").run(id).changes > 0;
}
