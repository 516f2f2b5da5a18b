import { closeSync, existsSync, openSync } from "node:fs";
import { Database } from "bun:sqlite";
import { migrate } from "./migrate.ts";

/** How long a statement waits for another process (the CLI) that is writing. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the farm's database, making it if it is not there, and brings its tables up to date.
 * Committed work survives a power cut: the log is synced in full with every commit. A new file is its owner's alone to read, for it
 * keeps what a provider knows this farm by.
 */
export function openDatabase(path: string): Database {
  // Never one that is there: closing it would take away the locks of whoever has it open in this process (fcntl(2)).
  if (path !== ":memory:" && !existsSync(path)) closeSync(openSync(path, "a", 0o600));
  const db = new Database(path, { create: true, strict: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.run("PRAGMA journal_mode = WAL");
  db.run("PRAGMA synchronous = FULL");
  db.run("PRAGMA foreign_keys = ON");
  migrate(db);
  return db;
}

/** Closes the database with everything in its one file, nothing left in the log beside it. */
export function closeDatabase(db: Database): void {
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close(false);
}
