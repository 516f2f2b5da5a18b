import { AppError } from "#domain/app-error.ts";
import { takeLock } from "#system/lock-file.ts";

/** Takes a folder for this process alone. Returns what gives the folder free; throws `conflict` when it is taken. */
export function lockWorkspace(folder: string, lockFile: string): () => void {
  const unlock = takeLock(lockFile);
  if (unlock) return unlock;
  throw new AppError(
    "conflict",
    `Another runner works in ${folder}. Give this one a --name or a --workspace of its own.`,
  );
}
