import type { Database } from "bun:sqlite";

/** The stored value of a setting; null while it was never set. */
export function getSetting(db: Database, name: string): string | null {
  const row = db.query<{ value: string }, [string]>("SELECT value FROM settings WHERE name = ?").get(name);
  return row?.value ?? null;
}

/** Stores a setting's value. */
export function setSetting(db: Database, name: string, value: string): void {
  db.query(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  ).run(name, value);
}

/** Takes a setting back. */
export function deleteSetting(db: Database, name: string): void {
  db.query("DELETE FROM settings WHERE name = ?").run(name);
}
