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

test("a database of before videos keeps tasks with their attempts, files and counts, and its ids go on", () => {
  const db = firstSchema();
  db.run(
    "INSERT INTO jobs (id, name, status, format, priority, autostart, device, created_at_ms) VALUES (3, 'j', 'running', 'EXR', 50, 1, 'auto', 0)",
  );
  for (const id of [8, 9])
    db.run(
      `INSERT INTO tasks (id, job_id, kind, status, frames, rank) VALUES (${id}, 3, 'render', 'queued', '${id}', 0)`,
    );
  db.run(
    "INSERT INTO attempts (task_id, attempt, job_id, runner_name, outcome, started_at_ms) VALUES (8, 1, 3, 'r', 'running', 0)",
  );
  db.run("INSERT INTO files (id, job_id, kind, name, size, created_at_ms) VALUES (20, 3, 'upload', 'a.blend', 5, 0)");
  db.run("DELETE FROM tasks WHERE id = 9");
  migrate(db);
  expect(db.query("SELECT id, kind, format, status, frames FROM tasks").all()).toEqual([
    { id: 8, kind: "render", format: null, status: "queued", frames: "8" },
  ]);
  expect(db.query("SELECT task_id AS taskId, outcome FROM attempts").all()).toEqual([
    { taskId: 8, outcome: "running" },
  ]);
  expect(db.query("SELECT id, name, size FROM files").all()).toEqual([{ id: 20, name: "a.blend", size: 5 }]);
  expect(db.query("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });

  db.run("INSERT INTO tasks (job_id, kind, status, frames, rank) VALUES (3, 'sound', 'queued', '8', 0)");
  db.run(
    "INSERT INTO files (job_id, kind, name, size, sha256, created_at_ms) VALUES (3, 'sound', 's.flac', 7, 'h', 0)",
  );
  expect(db.query("SELECT max(id) AS id FROM tasks").get()).toEqual({ id: 10 });
  expect(db.query("SELECT max(id) AS id FROM files").get()).toEqual({ id: 21 });
  expect(db.query("SELECT value FROM totals WHERE name = 'video_bytes'").get()).toEqual({ value: 7 });
  db.run("DELETE FROM jobs");
  expect(db.query("SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM attempts) AS left").get()).toEqual({
    left: 0,
  });
});
