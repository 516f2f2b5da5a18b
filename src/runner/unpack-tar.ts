import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { extract, type Extract } from "tar-stream";
import { writeAll } from "./write-all.ts";

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

/** The archive holds what no project may hold, or is cut; `message` says what. */
export class BadArchive extends Error {
  override name = "BadArchive";
}

/** One unpacked file: its path inside the folder, and what tells whether it was touched since. */
export type UnpackedFile = { path: string; size: number; mtimeMs: number };

export type TarUnpacker = {
  /** Takes the next bytes of the archive, and waits while the disk is slower. */
  write: (piece: Uint8Array) => Promise<void>;
  /** Says that this was all. Returns what has been unpacked. */
  end: () => Promise<UnpackedFile[]>;
  /** Gives up; what was written stays for the caller to remove. */
  abort: () => Promise<void>;
};

/**
 * Unpacks a tar archive into an empty folder while it arrives. Only plain files and folders are taken, each name once; an absolute path,
 * `..`, a link or a device is a `BadArchive`, for the manager packs none. Files are written read-only.
 */
export function startUnpacking(folder: string): TarUnpacker {
  const tar = extract();
  const unpacking = unpackAll(tar, folder);
  // Heard again in write and end; this only keeps an early error from ending the process before.
  unpacking.catch(() => {});
  return {
    write: async (piece) => {
      if (!tar.destroyed && !tar.write(piece)) await drained(tar);
      if (tar.destroyed) await unpacking;
    },
    end: () => {
      tar.end(null);
      return unpacking;
    },
    abort: async () => {
      tar.destroy(new Error("given up"));
      await unpacking.catch(() => {});
    },
  };
}

/** Resolves when more can be written, or never will. */
function drained(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      tar.off("drain", end);
      tar.off("close", end);
      resolve();
    };
    tar.on("drain", end);
    tar.on("close", end);
  });
}

async function unpackAll(tar: Extract, folder: string): Promise<UnpackedFile[]> {
  const files: UnpackedFile[] = [];
  try {
    for await (const entry of tar) {
      const file = await unpackEntry(entry, folder);
      if (file) files.push(file);
    }
    return files;
  } catch (error) {
    throw isArchiveError(error) ? new BadArchive(`The archive is damaged: ${error.message}.`) : error;
  }
}

async function unpackEntry(entry: Entry, folder: string): Promise<UnpackedFile | null> {
  const { name, type } = entry.header;
  if (type !== "file" && type !== "directory") throw new BadArchive(`"${name}" is a ${type ?? "thing"}, not a file.`);
  const path = insidePath(name);
  const target = join(folder, path);
  if (type === "directory") {
    entry.resume();
    await mkdir(target, { recursive: true });
    return null;
  }
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, "wx", 0o444);
  try {
    for await (const piece of entry) await writeAll(file, piece as Uint8Array);
    const { size, mtimeMs } = await file.stat();
    return { path, size, mtimeMs };
  } finally {
    await file.close();
  }
}

/** Checks that a name stays inside the folder it is unpacked to. */
function insidePath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || name.includes("\0") || parts.includes("..") || parts.length === 0)
    throw new BadArchive(`"${name}" is no path inside a project.`);
  return parts.join("/");
}

/** What the system says has an `errno`; only of these three is the archive the cause: it has a name twice, once as a folder perhaps. */
function isArchiveError(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof BadArchive) return false;
  return !("errno" in error) || ("code" in error && CONTRADICTIONS.has(error.code));
}

const CONTRADICTIONS = new Set<unknown>(["EEXIST", "ENOTDIR", "EISDIR"]);
