import { AppError } from "#domain/app-error.ts";
import {
  type ArchiveEntry,
  type ArchiveLimits,
  countInflated,
  createArchiveGuard,
  damagedArchive,
} from "./archive-guard.ts";
import { detectUploadKind, type UploadKind } from "./archive-kind.ts";
import { projectPath } from "./archive-path.ts";
import { readTar } from "./archive-tar.ts";
import { readZip } from "./archive-zip.ts";
import { decompress } from "./decompress.ts";
import { type FileSource, openFileSource } from "./file-source.ts";

/** A received file, and how its sender calls it. */
export type Upload = { path: string; name: string };

/** A file of a project: its path in the project's folder, and its size in bytes. */
export type ProjectFile = { path: string; size: number };

/** A file with its content, which must be read to the end, or not at all, before the next file is asked for. */
export type ProjectEntry = ProjectFile & { stream: AsyncIterable<Uint8Array> };

/** What a file is called whose own name cannot be a path. */
const FALLBACK_NAME = "scene.blend";
const FALLBACK_EXTRA_NAME = "file";

/** Headers and paddings that a tar adds to one file, at the most. */
const TAR_OVERHEAD_BYTES = 8 * 1024;

/**
 * Reads the files of an upload: a .zip, .tar, .tar.gz or .tar.zst is many, anything else is one. In constant memory.
 * Throws `bad_archive` for an archive that is damaged, too large, or would write outside of its folder; no file of it
 * comes out before the fault is found, except where only reading on tells.
 */
export async function* readProject(upload: Upload, limits: ArchiveLimits): AsyncGenerator<ProjectEntry> {
  await using source = await openFileSource(upload.path);
  const kind = await detectUploadKind(source);
  if (kind === null || kind === "blend") {
    yield { path: singleName(upload.name, kind), size: source.size, stream: source.stream() };
    return;
  }
  let files = 0;
  for await (const file of readArchive(source, kind, limits)) {
    files += 1;
    yield file;
  }
  if (files === 0) throw new AppError("bad_archive", "The archive holds no files.");
}

/** All files of an upload, without their contents. Throws as `readProject` does. */
export async function listProject(upload: Upload, limits: ArchiveLimits): Promise<ProjectFile[]> {
  const files: ProjectFile[] = [];
  for await (const { path, size } of readProject(upload, limits)) files.push({ path, size });
  return files;
}

async function* readArchive(
  source: FileSource,
  kind: Exclude<UploadKind, "blend">,
  limits: ArchiveLimits,
): AsyncGenerator<ProjectEntry> {
  const guard = createArchiveGuard(source.size, limits);
  try {
    for await (const entry of entriesOf(source, kind, limits)) {
      const path = guard.admit(entry);
      if (path !== null) yield { path, size: entry.size, stream: withArchiveErrors(entry.stream) };
    }
  } catch (error) {
    throw archiveError(error);
  }
}

function entriesOf(
  source: FileSource,
  kind: Exclude<UploadKind, "blend">,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry & { stream: AsyncIterable<Uint8Array> }> {
  const counted = (inflated: AsyncIterable<Uint8Array>) =>
    countInflated(inflated, source.size, limits.maxBytes + (limits.maxEntries + 1) * TAR_OVERHEAD_BYTES);
  switch (kind) {
    case "zip":
      return readZip(source, limits.maxEntries);
    case "tar":
      return readTar(source.stream());
    case "tar.gz":
      return readTar(counted(decompress(source.stream(), "gzip")));
    case "tar.zst":
      return readTar(counted(decompress(source.stream(), "zstd")));
    default:
      return kind satisfies never;
  }
}

async function* withArchiveErrors(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw archiveError(error);
  }
}

/** What a decoder throws means a damaged archive; what the system throws (it names its call) is no fault of the sender. */
function archiveError(error: unknown): unknown {
  if (error instanceof AppError || (error instanceof Error && "syscall" in error)) return error;
  return damagedArchive(error);
}

/** A single file keeps its name, or the path that it was given, where the project can have it. A .blend is always called one. */
function singleName(name: string, kind: "blend" | null): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const safe = safeName(name) ?? safeName(last) ?? (kind === "blend" ? FALLBACK_NAME : FALLBACK_EXTRA_NAME);
  return kind === "blend" && !/\.blend$/i.test(safe) ? `${safe}.blend` : safe;
}

function safeName(name: string): string | null {
  try {
    return projectPath(name);
  } catch {
    return null;
  }
}
