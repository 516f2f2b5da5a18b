import type { FileHandle } from "node:fs/promises";
import { listProject, type ProjectEntry, type ProjectFile, readProject, type Upload } from "./archive.ts";
import type { ArchiveLimits } from "./archive-guard.ts";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";
import { type ContextPlan, type PlannedFile, planContext } from "./context-plan.ts";
import { contextPath, type Layout } from "./layout.ts";
import { storageError } from "./storage-error.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar-header.ts";
import { createTempFile } from "./temp-file.ts";

/** A file of the project, and where its content begins in `context.tar`, in bytes. */
export type PlacedFile = ProjectFile & { offset: number };

/** A context that lies whole in `temp/`: commit it, or it goes at the end of the block (`await using`). */
export type BuiltContext = AsyncDisposable & {
  /** Where it lies now. */
  readonly path: string;
  /** Sorted by path. */
  readonly files: PlacedFile[];
  /** The size of the tar in bytes. */
  readonly size: number;
  /** Puts it in the place of the job's `context.tar`. Throws `disk_full`. */
  commit: () => Promise<void>;
  discard: () => Promise<void>;
};

/**
 * Builds a job's `context.tar` from its uploads; of files at the same path the one uploaded last counts.
 * The same files always give the same bytes. In constant memory.
 * Throws what `readProject` throws, `bad_archive` when the whole is over the limits, and `disk_full`.
 */
export async function buildContext(
  layout: Layout,
  jobId: number,
  uploads: readonly Upload[],
  limits: ArchiveLimits,
): Promise<BuiltContext> {
  const files = new Map<string, ProjectFile & { upload: Upload }>();
  for (const upload of uploads)
    for (const file of await listProject(upload, limits)) files.set(file.path, { ...file, upload });
  const plan = planContext(files.values(), limits);
  const temp = await createTempFile(layout);
  try {
    await writeContext(temp.handle, plan, wantedFiles(uploads, files, limits));
    const placed = plan.files.map(({ path, size, offset }) => ({ path, size, offset }));
    const commit = () => temp.commitTo(contextPath(layout, jobId));
    return {
      path: temp.path,
      files: placed,
      size: plan.size,
      commit,
      discard: temp.discard,
      [Symbol.asyncDispose]: temp.discard,
    };
  } catch (error) {
    await temp.discard();
    throw storageError(error);
  }
}

/** The files that count, upload by upload. */
async function* wantedFiles(
  uploads: readonly Upload[],
  files: ReadonlyMap<string, { upload: Upload }>,
  limits: ArchiveLimits,
): AsyncGenerator<ProjectEntry> {
  for (const upload of uploads)
    for await (const entry of readProject(upload, limits)) if (files.get(entry.path)?.upload === upload) yield entry;
}

/** Writes each file to its place, in the order in which they come. */
async function writeContext(
  handle: FileHandle,
  plan: ContextPlan,
  entries: AsyncIterable<ProjectEntry>,
): Promise<void> {
  const writer = createBatchWriter(handle);
  const places = new Map(plan.files.map((file) => [file.path, file]));
  for await (const entry of entries) await writeFile(writer, places.get(entry.path)!, entry.stream);
  await writer.seek(plan.endOffset);
  await writer.write(TAR_END);
  await writer.flush();
}

async function writeFile(writer: BatchWriter, place: PlannedFile, stream: AsyncIterable<Uint8Array>): Promise<void> {
  let size = 0;
  await writer.seek(place.headerOffset);
  await writer.write(tarHeader(place.path, place.size));
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > place.size) break;
    await writer.write(chunk);
  }
  if (size !== place.size) throw new Error(`${place.path} had ${place.size} bytes when it was listed`);
  await writer.write(tarPadding(size));
}
