import type { NeededFile, NeededFileShape } from "./needed-file.ts";
import { numberPattern } from "./numbered-name.ts";
import { baseName, PathIndex } from "./path-index.ts";

/**
 * Where a needed file is among a project's:
 *
 * - `present`: where the .blend says, or inside the .blend
 * - `elsewhere`: in another folder, under the same name; Blender's "Find Missing Files" repairs that (not for libraries)
 * - `near_match`: not found by Blender on Linux, but something here is meant: the case differs, or it is a folder moved
 * - `missing`: not there
 */
export type FileStatus = "present" | "elsewhere" | "near_match" | "missing";

export type LocatedFile = {
  file: NeededFile;
  status: FileStatus;
  /** What was found, of a sequence or tiles one; null if nothing was, or if the file is packed. */
  path: string | null;
};

export type MissingFile = { file: NeededFile; nearMatch: string | null };

/**
 * Looks for the files that a .blend needs in a project, given as paths relative to its root (`tex/wood.png`), among them
 * `blendPath`, the .blend itself. A sequence, or a texture of tiles, is there if one file of it is.
 */
export function locateFiles(files: readonly NeededFile[], have: Iterable<string>, blendPath: string): LocatedFile[] {
  const paths = Array.from(have, (path) => parts(path).join("/"));
  const plain = new PathIndex(paths, (path) => path);
  const numbered = new PathIndex(paths, numberPattern);
  const folders = new PathIndex(foldersOf(paths), (path) => path);
  const indexes: Record<NeededFileShape, PathIndex> = {
    file: plain,
    sequence: numbered,
    tiles: numbered,
    folder: folders,
    disk_cache: folders,
  };
  const home = parts(blendPath).slice(0, -1);
  const blendName = baseName(blendPath).replace(/\.blend$/, "");

  return files.map((file): LocatedFile => {
    if (file.packed) return { file, status: "present", path: null };
    const index = indexes[file.shape];
    const path = file.shape === "disk_cache" ? file.path + blendName : file.path;
    const place = placeOf(path, home);
    const here = place === null ? null : index.at(place);
    if (here !== null) return { file, status: "present", path: here };

    const named = parts(path).join("/");
    const elsewhere = index === folders ? null : (file.shape === "sequence" ? plain : index).named(named);
    if (elsewhere !== null) return { file, status: "elsewhere", path: elsewhere };
    const near = index.near(place ?? named);
    return { file, status: near === null ? "missing" : "near_match", path: near };
  });
}

/** The needed files that Blender will not find in a project, each with the file that was probably meant. See `locateFiles`. */
export function missingFiles(files: readonly NeededFile[], have: Iterable<string>, blendPath: string): MissingFile[] {
  return locateFiles(files, have, blendPath)
    .filter(({ status }) => status === "near_match" || status === "missing")
    .map(({ file, path }) => ({ file, nearMatch: path }));
}

/**
 * Where in a project Blender looks for a file: the path from the project's root. What lies outside on the artist's machine has no such
 * place; it is found by its name beside the .blend (but no library is).
 */
export function placeInProject(path: string, blendPath: string): string {
  const home = parts(blendPath).slice(0, -1);
  return placeOf(path, home) ?? [...home, parts(path).at(-1) ?? "file"].join("/");
}

/** A path from the project's root; null for one outside: above the root, or absolute on the artist's machine. */
function placeOf(path: string, home: readonly string[]): string | null {
  if (!path.startsWith("//")) return null;
  const place = [...home];
  for (const part of parts(path)) {
    if (part !== "..") place.push(part);
    else if (place.pop() === undefined) return null;
  }
  return place.join("/");
}

/** Names between the separators of Linux or Windows; a folder's path may end with one. */
function parts(path: string): string[] {
  return path.split(/[/\\]+/).filter((part) => part !== "" && part !== ".");
}

function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
