import { accessSync, constants, statSync } from "node:fs";

/**
 * Finds an executable file: by its path, or by its name on PATH. Returns its path, or null when there is none that may be run.
 */
export function findProgram(name: string, path: string | undefined = process.env["PATH"]): string | null {
  if (name.includes("/")) return isExecutable(name) ? name : null;
  return Bun.which(name, path === undefined ? {} : { PATH: path });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
