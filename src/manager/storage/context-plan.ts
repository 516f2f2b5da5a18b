import { AppError } from "#domain/app-error.ts";
import type { ProjectFile } from "./archive.ts";
import type { ArchiveLimits } from "./archive-guard.ts";
import { byteSize } from "./byte-size.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar-header.ts";

/** Where a file's header and content lie in `context.tar`, in bytes from its beginning. */
export type PlannedFile = ProjectFile & { headerOffset: number; offset: number };

/** The whole tar before it is written. Its end mark stands at `endOffset`. */
export type ContextPlan = { files: PlannedFile[]; endOffset: number; size: number };

/**
 * Lays out the tar of a project, sorted by path. All offsets are known before anything is written, so the files can be
 * written in the order in which an archive happens to hold them.
 * Throws `bad_archive` when the project is over the limits, or a path is both a file and a folder.
 */
export function planContext(files: Iterable<ProjectFile>, limits: ArchiveLimits): ContextPlan {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  assertWithin(sorted, limits);
  assertNoFileIsAFolder(sorted);
  let position = 0;
  const planned = sorted.map(({ path, size }) => {
    const headerOffset = position;
    const offset = headerOffset + tarHeader(path, size).byteLength;
    position = offset + size + tarPadding(size).byteLength;
    return { path, size, headerOffset, offset };
  });
  return { files: planned, endOffset: position, size: position + TAR_END.byteLength };
}

function assertWithin(files: readonly ProjectFile[], limits: ArchiveLimits): void {
  if (files.length > limits.maxEntries)
    throw new AppError("bad_archive", `The project would have more than ${limits.maxEntries} files.`);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > limits.maxBytes)
    throw new AppError("bad_archive", `The project would have more than ${byteSize(limits.maxBytes)}.`);
}

function assertNoFileIsAFolder(files: readonly ProjectFile[]): void {
  const paths = new Set(files.map((file) => file.path));
  for (const { path } of files) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const folder = path.slice(0, end);
      if (paths.has(folder))
        throw new AppError("bad_archive", `${JSON.stringify(folder)} is both a file and a folder of the project.`);
    }
  }
}
