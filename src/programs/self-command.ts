import { join } from "node:path";

/** Returns the arguments that start this program again: the compiled binary itself, or Bun with the entry file. */
export function selfCommand(): [program: string, ...rest: string[]] {
  if (Bun.isStandaloneExecutable) return [process.execPath];
  return [process.execPath, join(import.meta.dir, "../main.ts")];
}
