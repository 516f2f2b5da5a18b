import { AppError } from "#domain/app-error.ts";
import { badEntry, projectPath } from "./archive-path.ts";
import { byteSize } from "./byte-size.ts";

/** What one archive may hold. */
export type ArchiveLimits = {
  /** Entries, folders among them. */
  maxEntries: number;
  /** Bytes of all files together, unpacked. */
  maxBytes: number;
};

/** An entry as its archive describes it. `other` is whatever is neither file nor folder: links, devices, pipes. */
export type ArchiveEntry = { name: string; type: "file" | "folder" | "other"; size: number };

/** Judges the entries of one archive, one after the other. */
export type ArchiveGuard = {
  /** The path of a file in the project, or null for an entry to pass over. Throws `bad_archive`. */
  admit: (entry: ArchiveEntry) => string | null;
};

/**
 * Deflate reaches 1,032 bytes out of one, zstd more than 30,000; real projects reach 20. So more than 250 is a bomb,
 * except below a size that does no harm: an archive of a new scene may be nearly all zeros.
 */
const MAX_RATIO = 250;
const FREE_BYTES = 2 ** 30;

/** All names together; what is remembered of an archive must not grow without end. */
const MAX_NAME_BYTES = 16 * 2 ** 20;

/** What an archive may hold when nothing else is said: the caps of uploads and of project files. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = { maxEntries: 50_000, maxBytes: 50 * 2 ** 30 };

/** Makes the guard of an archive that is itself `archiveBytes` long. */
export function createArchiveGuard(archiveBytes: number, limits: ArchiveLimits): ArchiveGuard {
  const paths = new Set<string>();
  let entries = 0;
  let bytes = 0;
  let nameBytes = 0;
  const admit = (entry: ArchiveEntry): string | null => {
    entries += 1;
    if (entries > limits.maxEntries) throw tooManyEntries(limits.maxEntries);
    const path = projectPath(entry.name);
    if (entry.type === "other") throw badEntry(entry.name, "is a link or a device; only files and folders are taken");
    if (path === null || entry.type === "folder") return null;
    if (paths.has(path)) throw badEntry(entry.name, "is there twice");
    paths.add(path);
    nameBytes += path.length;
    if (nameBytes > MAX_NAME_BYTES) throw tooManyEntries(entries);
    bytes += entry.size;
    if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
    if (isBomb(bytes, archiveBytes)) throw bomb();
    return path;
  };
  return { admit };
}

/**
 * Passes on what comes out of a decompressor, counting what really comes, whatever the archive says of itself.
 * Throws `bad_archive`.
 */
export async function* countInflated(
  chunks: AsyncIterable<Uint8Array>,
  archiveBytes: number,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    if (isBomb(bytes, archiveBytes)) throw bomb();
    yield chunk;
  }
}

/** The error for an archive that has too many entries. */
export function tooManyEntries(max: number): AppError {
  return new AppError("bad_archive", `The archive holds more than ${max} entries, the most that a project may have.`);
}

/** The error for an archive that contradicts itself or ends too early. `cause` is what the decoder said. */
export function damagedArchive(cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError("bad_archive", `The archive is damaged or was not sent completely (${detail}).`, { cause });
}

function isBomb(bytes: number, archiveBytes: number): boolean {
  return bytes > FREE_BYTES && bytes > archiveBytes * MAX_RATIO;
}

function bomb(): AppError {
  return new AppError(
    "bad_archive",
    `The archive unpacks to more than ${MAX_RATIO} times its size, which no project does.`,
  );
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "bad_archive",
    `The archive unpacks to more than the ${byteSize(maxBytes)} that a project may have.`,
  );
}
