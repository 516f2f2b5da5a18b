import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { takeLock } from "#system/lock-file.ts";
import { makeFolder } from "./durable.ts";

/**
 * Takes a database and a storage folder for this process alone: what a manager knows of leases is in its memory, and at its start it
 * empties `temp/`, where another one's uploads would be. The command line works beside it. Returns what gives both free; throws
 * `conflict` when another manager has one of them.
 */
export async function becomeSoleManager(paths: { db: string; storage: string }): Promise<() => void> {
  await makeFolder(paths.storage);
  const storage = lock(join(paths.storage, "lock"), `the storage ${paths.storage}`, "--storage");
  try {
    const db = lock(`${realPath(paths.db)}-lock`, `the database ${paths.db}`, "--db");
    return () => {
      db();
      storage();
    };
  } catch (error) {
    storage();
    throw error;
  }
}

function lock(file: string, what: string, flag: string): () => void {
  const unlock = takeLock(file);
  if (unlock) return unlock;
  throw new AppError(
    "conflict",
    `Another manager works with ${what}. Stop it first, or give this one a ${flag} of its own.`,
  );
}

/** The same file by another name has the same lock; one that is not there yet is made in a folder that is. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new AppError("not_found", `There is no folder ${folder} for the database; make it first.`);
  return join(realpathSync(folder), basename(path));
}
