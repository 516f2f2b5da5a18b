import { AppError } from "#domain/app-error.ts";
import { touchDatabase } from "#manager/db/health.ts";
import type { Farm } from "./farm.ts";
import { storageSpace } from "./stats.ts";

/** Below this nothing that users send fits any more, and the database will not grow for long. */
const LEAST_FREE_BYTES = 100e6;

export type Health = { freeBytes: number; totalBytes: number };

/** Looks whether the manager can do its work: the database takes writes, and the storage has room. Throws `unavailable` with what is wrong. */
export async function checkHealth(farm: Farm): Promise<Health> {
  try {
    touchDatabase(farm.db);
  } catch (error) {
    throw new AppError("unavailable", "The database cannot be written to.", { cause: error });
  }
  const space = await storageSpace(farm).catch((error: unknown) => {
    throw new AppError("unavailable", "The storage cannot be reached.", { cause: error });
  });
  if (space.freeBytes < LEAST_FREE_BYTES) throw new AppError("unavailable", "The storage's disk is full.");
  return space;
}
