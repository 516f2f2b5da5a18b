import { Database, SQLiteError } from "bun:sqlite";

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const locks = new Set<Database>();

/**
 * Takes a lock file for this process alone, making it if it is not there, by an exclusive transaction on an empty SQLite file. Behind it
 * is a lock of the kernel (fcntl), which goes with the process however it ends, is not inherited by what it starts, and holds between
 * containers that share the folder; a file with a process id does none of that. Returns what gives it free; null when it is taken.
 */
export function takeLock(path: string): (() => void) | null {
  const database = new Database(path, { create: true });
  try {
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof SQLiteError) || error.code !== "SQLITE_BUSY") throw error;
    return null;
  }
  locks.add(database);
  return () => {
    locks.delete(database);
    database.close();
  };
}
