import { makeZip } from "client-zip";
import { contentDisposition } from "./content-type.ts";
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

/** Zips the outputs. client-zip does not end a stream that it has begun to read when the receiver leaves; this does. */
async function* zipOutputs(
  layout: Layout,
  jobId: number,
  outputs: readonly ArchivedOutput[],
): AsyncGenerator<Uint8Array> {
  let current = null as AsyncGenerator<Uint8Array> | null;
  const files = function* () {
    for (const output of outputs) {
      current = readOutput(layout, jobId, output);
      yield { name: output.name, input: current, lastModified: new Date(output.createdAtMs) };
    }
  };
  try {
    yield* withZip64Count(makeZip(files()), outputs.length);
  } finally {
    await current?.return(undefined);
  }
}

/** Not through a FileHandle: if Bun ever dropped a response half read, the collector would end the process for it. */
async function* readOutput(layout: Layout, jobId: number, { name, size }: ArchivedOutput): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of Bun.file(outputPath(layout, jobId, name)).stream()) {
    bytes += chunk.byteLength;
    yield chunk;
  }
  if (bytes !== size) throw new Error(`${name} has ${bytes} bytes instead of ${size}`);
}
