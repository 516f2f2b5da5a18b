import type { Database } from "bun:sqlite";

/** A number that changes whenever another connection, so another process, has changed the database. */
export function dataVersion(db: Database): number {
  const row = db.query<{ data_version: number }, []>("PRAGMA data_version").get();
  return row?.data_version ?? 0;
}
