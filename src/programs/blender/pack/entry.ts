import { posix } from "node:path";

/** The archive holds what no Blender holds, or is cut or damaged; `message` is a sentence for people. */
export class BadBlenderArchive extends Error {
  override name = "BadBlenderArchive";
}

/** Official ones have 10,000 entries and 1.5 GB; what has many times that is none, or a bomb. */
const MAX_ENTRIES = 300_000;
export const MAX_UNPACKED_BYTES = 20e9;

const MAX_PATH_BYTES = 2000;

/** Where an entry goes inside the folder; null for the folder itself. Throws `BadBlenderArchive` for what would lie outside. */
export function entryPath(name: string): string | null {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (
    name.startsWith("/") ||
    parts.includes("..") ||
    /[\0-\x1f]/.test(name) ||
    Buffer.byteLength(name) > MAX_PATH_BYTES
  )
    throw new BadBlenderArchive(`${shown(name)} in the archive leads out of its folder, or is no name.`);
  return parts.length === 0 ? null : parts.join("/");
}

/** Checks that a symbolic link at `path` leads to a place inside the folder. Returns its target as it is. */
export function linkTarget(path: string, target: string): string {
  const to = posix.normalize(posix.join(posix.dirname(path), target));
  if (target === "" || target.startsWith("/") || target.includes("\0") || to === ".." || to.startsWith("../"))
    throw new BadBlenderArchive(`${shown(path)} in the archive is a link that leads out of its folder.`);
  return target;
}

/** Counts what one archive unpacks to; throws `BadBlenderArchive` when it is more than any Blender has. */
export function createCounter(): { entry: (bytes: number) => void; bytes: () => number } {
  let entries = 0;
  let sum = 0;
  return {
    entry: (bytes) => {
      entries += 1;
      sum += bytes;
      if (entries > MAX_ENTRIES || sum > MAX_UNPACKED_BYTES)
        throw new BadBlenderArchive("The archive unpacks to more than any Blender has.");
    },
    bytes: () => sum,
  };
}

function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
