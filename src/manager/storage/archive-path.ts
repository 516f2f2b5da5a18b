import { AppError } from "#domain/app-error.ts";

/** Linux's own limits (NAME_MAX, PATH_MAX in linux/limits.h), and folders inside each other that no project comes near. */
const MAX_PART_BYTES = 255;
const MAX_PATH_BYTES = 4096;
const MAX_FOLDERS = 64;

/** What macOS and Windows put beside people's files: no part of a project. */
const JUNK_NAMES: ReadonlySet<string> = new Set([".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r", "__MACOSX"]);

/**
 * Makes of an entry's name the path that it has in the project: relative, with `/`, without `.` and empty parts.
 * Windows' backslashes become slashes. Returns null for what is no part of a project (the archive's root, macOS's and
 * Windows' own files). Throws `bad_archive` for a name that leads out of the project or that cannot be a file on Linux.
 */
export function projectPath(name: string): string | null {
  const slashed = name.replaceAll("\\", "/");
  if (slashed.startsWith("/") || /^[A-Za-z]:/.test(slashed)) throw badEntry(name, "has an absolute path");
  const parts = slashed.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw badEntry(name, "leads out of its folder with ..");
  if (parts.some((part) => JUNK_NAMES.has(part))) return null;
  if (/[\0-\x1f\x7f]/.test(slashed)) throw badEntry(name, "has a control character in its name");
  if (slashed.includes("\ufffd")) throw badEntry(name, "has a name that is not UTF-8");
  if (parts.some((part) => Buffer.byteLength(part) > MAX_PART_BYTES))
    throw badEntry(name, `has a name of more than ${MAX_PART_BYTES} bytes`);
  if (parts.length > MAX_FOLDERS) throw badEntry(name, `lies more than ${MAX_FOLDERS} folders deep`);
  const path = parts.join("/");
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw badEntry(name, `has a path of more than ${MAX_PATH_BYTES} bytes`);
  return path === "" ? null : path;
}

/** The error for one entry; `fault` completes the sentence "<entry> in the archive …". */
export function badEntry(name: string, fault: string): AppError {
  const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return new AppError("bad_archive", `${JSON.stringify(shown)} in the archive ${fault}.`);
}
