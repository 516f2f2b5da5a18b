import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const UNPACKED = resolve(import.meta.dir, "../../.cache/debian/usr");

/** A program that `scripts/setup.sh test` has unpacked from its Debian package, and the libraries that came with it. */
export function debianProgram(path: string): { program: string; env: Record<string, string> } {
  const program = join(UNPACKED, path);
  if (!existsSync(program)) throw new Error(`${program} is not there; run "scripts/setup.sh render test" first`);
  return {
    program,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LD_LIBRARY_PATH: join(UNPACKED, "lib/x86_64-linux-gnu") },
  };
}
