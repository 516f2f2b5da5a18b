import type { Database } from "bun:sqlite";

/** Begins a write and takes it back: throws where the database cannot be written to. Writes nothing, so it costs no sync. */
export function touchDatabase(db: Database): void {
  db.run("BEGIN IMMEDIATE");
  db.run("ROLLBACK");
}
