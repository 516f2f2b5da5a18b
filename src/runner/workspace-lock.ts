import { Database, SQLiteError } from "bun:sqlite";
import { AppError } from "#domain/app-error.ts";

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const locks = new Set<Database>();

/**
 * Takes a folder for this process alone, by an exclusive transaction on an empty SQLite file. Behind it is a lock of the kernel (fcntl),
 * which goes with the process however it ends, is not inherited by what it starts, and holds between containers that share the folder;
 * a file with a process id does none of that. Returns what gives the folder free; throws `conflict` when it is taken.
 */
export function lockWorkspace(folder: string, lockFile: string): () => void {
  const database = new Database(lockFile, { create: true });
  try {
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof SQLiteError) || error.code !== "SQLITE_BUSY") throw error;
    throw new AppError(
      "conflict",
      `Another runner works in ${folder}. Give this one a --name or a --workspace of its own.`,
    );
  }
  locks.add(database);
  return () => {
    locks.delete(database);
    database.close();
  };
}
