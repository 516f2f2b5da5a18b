import { lstatSync, readlinkSync, type Stats } from "node:fs";
import type { SystemPath } from "./sandbox.ts";

/** Where programs and their libraries lie. With a merged /usr all but /usr are links into it; on older systems they are folders. */
const CANDIDATES = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Reads how the programs of this system are laid out; `root` stands for / in tests. */
export function readSystemPaths(root = ""): SystemPath[] {
  return CANDIDATES.flatMap((path): SystemPath[] => {
    const stat = lstat(root + path);
    if (stat?.isSymbolicLink()) return [{ path, link: readlinkSync(root + path) }];
    return stat?.isDirectory() ? [{ path, link: null }] : [];
  });
}

function lstat(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}
