import type { FileHandle } from "node:fs/promises";
import { listProject, type ProjectEntry, readProject, type Upload } from "./archive.ts";
import type { ArchiveLimits } from "./archive-guard.ts";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";
import { type ContextPlan, type PlannedFile, planContext } from "./context-plan.ts";
import { type FileSource, openFileSource } from "./file-source.ts";
import { contextPath, type Layout } from "./layout.ts";
import { storageError } from "./storage-error.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar-header.ts";
import { createTempFile } from "./temp-file.ts";

/** A line of the manifest: a file of the project, and where its content begins in `context.tar`. */
export type ManifestEntry = { path: string; size: number; sha256: string; offset: number };

/** A context that lies whole in `temp/`: commit it, or it goes at the end of the block (`await using`). */
export type BuiltContext = AsyncDisposable & {
  /** Sorted by path. */
  readonly files: ManifestEntry[];
  /** The size of the tar in bytes. */
  readonly size: number;
  /** Puts it in the place of the job's `context.tar`. Throws `disk_full`. */
  commit: () => Promise<void>;
  discard: () => Promise<void>;
};

/**
 * Builds a job's `context.tar` from the files it has (`previous`, the manifest of the tar in place) and those of an
 * upload; a file at the same path is replaced. The same files always give the same bytes. In constant memory.
 * Throws what `readProject` throws, `bad_archive` when the whole is over the limits, and `disk_full`.
 */
export async function buildContext(
  layout: Layout,
  jobId: number,
  upload: Upload,
  options: { previous: readonly ManifestEntry[]; limits: ArchiveLimits },
): Promise<BuiltContext> {
  const uploaded = await listProject(upload, options.limits);
  const replaced = new Set(uploaded.map((file) => file.path));
  const kept = options.previous.filter((file) => !replaced.has(file.path));
  const plan = planContext([...kept, ...uploaded], options.limits);
  const temp = await createTempFile(layout);
  try {
    const hashes = await writeContext(temp.handle, plan, [
      keptFiles(contextPath(layout, jobId), kept),
      readProject(upload, options.limits),
    ]);
    const files = plan.files.map(({ path, size, offset }) => ({ path, size, sha256: hashes.get(path)!, offset }));
    const commit = () => temp.commitTo(contextPath(layout, jobId));
    return { files, size: plan.size, commit, discard: temp.discard, [Symbol.asyncDispose]: temp.discard };
  } catch (error) {
    await temp.discard();
    throw storageError(error);
  }
}

/** Opens one file of a job's project inside its `context.tar`, for random access or as a stream. */
export async function openContextFile(layout: Layout, jobId: number, entry: ManifestEntry): Promise<FileSource> {
  return openFileSource(contextPath(layout, jobId), entry);
}

/** Writes each file to its place, in the order in which they come; returns the SHA-256 of each by its path. */
async function writeContext(
  handle: FileHandle,
  plan: ContextPlan,
  sources: AsyncIterable<ProjectEntry>[],
): Promise<Map<string, string>> {
  await using writer = createBatchWriter(handle);
  const places = new Map(plan.files.map((file) => [file.path, file]));
  const hashes = new Map<string, string>();
  for (const source of sources)
    for await (const entry of source)
      hashes.set(entry.path, await writeFile(writer, places.get(entry.path)!, entry.stream));
  await writer.seek(plan.endOffset);
  await writer.write(TAR_END);
  await writer.flush();
  return hashes;
}

async function writeFile(writer: BatchWriter, place: PlannedFile, stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  let size = 0;
  await writer.seek(place.headerOffset);
  await writer.write(tarHeader(place.path, place.size));
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > place.size) break;
    await writer.write(chunk);
    hash.update(chunk);
  }
  if (size !== place.size) throw new Error(`${place.path} had ${place.size} bytes when it was listed`);
  await writer.write(tarPadding(size));
  return hash.digest("hex");
}

/** The files of the tar in place that stay. */
async function* keptFiles(tarPath: string, kept: readonly ManifestEntry[]): AsyncGenerator<ProjectEntry> {
  if (kept.length === 0) return;
  await using tar = await openFileSource(tarPath);
  for (const file of kept) yield { path: file.path, size: file.size, stream: tar.stream(file) };
}
