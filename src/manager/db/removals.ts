import type { Database } from "bun:sqlite";

/** Something whose files are to go from the disk. */
export type Removal = { kind: "job" | "upload"; id: number };

/** All that is gone from the database and may still have files. */
export function listRemovals(db: Database): Removal[] {
  return db.query<Removal, []>("SELECT kind, id FROM removals ORDER BY kind, id").all();
}

/** Forgets a removal whose files are gone. */
export function deleteRemoval(db: Database, { kind, id }: Removal): void {
  db.query("DELETE FROM removals WHERE kind = ? AND id = ?").run(kind, id);
}
