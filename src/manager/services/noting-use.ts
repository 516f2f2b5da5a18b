import { SQLiteError } from "bun:sqlite";
import type { Farm } from "./farm.ts";

/** Writes down that a session or a key was used; where the database takes nothing, on a full disk for one, it is good all the same. */
export function noteUse(farm: Farm, note: () => void): void {
  try {
    note();
  } catch (error) {
    if (!(error instanceof SQLiteError)) throw error;
    farm.log.warn("the use of a session or a key could not be noted", { error: error.message });
  }
}
