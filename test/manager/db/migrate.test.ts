import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import accounts from "#manager/db/migrations/002-accounts.sql" with { type: "text" };
import farm from "#manager/db/migrations/001-farm.sql" with { type: "text" };
import { migrate } from "#manager/db/migrate.ts";

/** A database of the first schema with a user who has a session and a key. */
function firstSchema(): Database {
  const db = new Database(":memory:", { strict: true });
  db.run("PRAGMA foreign_keys = ON");
  db.run(farm);
  db.run("PRAGMA user_version = 1");
  db.run("INSERT INTO users (id, email, name, created_at_ms) VALUES (7, 'a@x', 'a', 0)");
  db.run("INSERT INTO sessions VALUES ('hash', 7, 'agent', 'address', 1, 2, 3)");
  db.run(
    "INSERT INTO api_keys (id, name, key_hash, prefix, scope, user_id, created_at_ms) VALUES (5, 'k', 'h', 'jk', 'user', 7, 0)",
  );
  return db;
}

test("a database of before accounts keeps users, sessions and keys", () => {
  const db = firstSchema();
  migrate(db);
  expect(db.query("SELECT token_hash, user_id, expires_at_ms FROM sessions").all()).toEqual([
    { token_hash: "hash", user_id: 7, expires_at_ms: 3 },
  ]);
  expect(db.query("SELECT id, name, key_hash, user_id FROM api_keys").all()).toEqual([
    { id: 5, name: "k", key_hash: "h", user_id: 7 },
  ]);
  expect(db.query("SELECT email_verified FROM users").all()).toEqual([{ email_verified: 1 }]);
  db.run("DELETE FROM users");
  expect(db.query("SELECT count(*) AS n FROM sessions").get()).toEqual({ n: 0 });
});

test("a database that is up to date is left as it is", () => {
  const db = firstSchema();
  migrate(db);
  migrate(db);
  expect(db.query("SELECT count(*) AS n FROM api_keys").get()).toEqual({ n: 1 });
});

test("a migration that cannot be applied changes nothing", () => {
  const db = firstSchema();
  db.run("CREATE TABLE reset_links (x)");
  expect(() => migrate(db)).toThrow();
  expect(accounts).toContain("CREATE TABLE reset_links");
  expect(db.query("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  expect(db.query("SELECT token_hash FROM sessions").get()).toEqual({ token_hash: "hash" });
  expect(db.query("SELECT name FROM sqlite_master WHERE name = 'identities'").get()).toBeNull();
});

test("a database of a newer JiggaBlend is refused", () => {
  const db = new Database(":memory:");
  db.run("PRAGMA user_version = 1000");
  expect(() => migrate(db)).toThrow("newer JiggaBlend");
});
