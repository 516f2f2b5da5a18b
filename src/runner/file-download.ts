import { open, rename, rm } from "node:fs/promises";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerUnreachable } from "./manager-errors.ts";
import { retrying, type Patience } from "./retry.ts";
import { writeAll } from "./write-all.ts";

/** Files that came out damaged, before it is the manager's copy that must be wrong. */
const DOWNLOADS_TRIED = 3;

/** An output of a job. */
export type OutputFile = { jobId: number; name: string; size: number; sha256: string };

export type Fetching = { client: Pick<ManagerClient, "file">; patience: Patience; signal: AbortSignal };

/** A file that the manager has, but not as it says it is. */
export class BadDownload extends Error {
  override name = "BadDownload";
}

/**
 * Fetches an output to a path, where it appears when it is whole. A connection that is cut is taken up where it stopped; what does not have
 * the right SHA-256 at the end is fetched anew. Throws `BadDownload`, `ManagerRefusal`, an error of the file system, or the signal's reason.
 */
export async function downloadFile(path: string, file: OutputFile, fetching: Fetching): Promise<void> {
  const partial = `${path}.part`;
  for (let tries = 1; ; tries += 1) {
    try {
      if ((await receive(partial, file, fetching)) === file.sha256) return await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    if (tries === DOWNLOADS_TRIED) {
      await rm(partial, { force: true });
      throw new BadDownload(`${file.name} arrives damaged every time.`);
    }
    fetching.patience.log.warn("a file arrived damaged; fetching it again", { name: file.name });
  }
}

/** Writes all bytes of the file, in order and each once, over as many connections as it takes. Returns their SHA-256. */
async function receive(path: string, file: OutputFile, { client, patience, signal }: Fetching): Promise<string> {
  const target = await open(path, "w");
  try {
    const hash = new Bun.CryptoHasher("sha256");
    let offset = 0;
    await retrying(`fetching ${file.name}`, patience, signal, () =>
      client.file(file.jobId, { name: file.name, offset, sha256: file.sha256 }, signal, async (stream) => {
        if (stream.offset !== offset) throw new BadDownload(`${file.name} changed while it was fetched.`);
        for await (const piece of stream.pieces) {
          offset += piece.byteLength;
          hash.update(piece);
          await writeAll(target, piece);
        }
        if (offset < file.size) throw new ManagerUnreachable("the connection was cut");
      }),
    );
    return hash.digest("hex");
  } finally {
    await target.close();
  }
}
