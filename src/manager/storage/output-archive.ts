import { makeZip } from "client-zip";
import { contentDisposition } from "./content-type.ts";
import { type FileSource, openFileSource } from "./file-source.ts";
import { type Layout, outputPath } from "./layout.ts";
import { withZip64Count } from "./zip64-count.ts";

/** An output as the archive holds it. */
export type ArchivedOutput = { name: string; size: number; createdAtMs: number };

/**
 * Answers with all outputs of a job as one zip (stored, zip64 where needed) that is made while it is sent, in constant
 * memory. A file that is gone or has another size breaks the stream off: a broken download, never a wrong archive.
 * There is no Content-Length: Bun sends every stream in chunks.
 */
export function outputArchiveResponse(
  layout: Layout,
  jobId: number,
  archive: { name: string; outputs: readonly ArchivedOutput[] },
): Response {
  const headers = {
    "content-type": "application/zip",
    "content-disposition": contentDisposition("attachment", archive.name),
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
  };
  return new Response(zipOutputs(layout, jobId, archive.outputs), { headers });
}

/** Zips the outputs; also when the receiver leaves in the middle, no file stays open. */
async function* zipOutputs(
  layout: Layout,
  jobId: number,
  outputs: readonly ArchivedOutput[],
): AsyncGenerator<Uint8Array> {
  let current = null as FileSource | null;
  const files = async function* () {
    for (const { name, size, createdAtMs } of outputs) {
      current = await openFileSource(outputPath(layout, jobId, name));
      if (current.size !== size) throw new Error(`${name} has ${current.size} bytes instead of ${size}`);
      yield { name, input: current.stream(), lastModified: new Date(createdAtMs) };
      await current.close();
    }
  };
  try {
    yield* withZip64Count(makeZip(files()), outputs.length);
  } finally {
    await current?.close();
  }
}
