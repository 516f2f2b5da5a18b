import { mkdir, rm } from "node:fs/promises";
import { projectFolder, writeRecord, type ContextRecord } from "./context-entry.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerUnreachable } from "./manager-errors.ts";
import { retrying, type Patience } from "./retry.ts";
import { BadArchive, startUnpacking, type TarUnpacker } from "./unpack-tar.ts";

/** Archives that came out damaged, before it is the manager's copy that must be wrong. */
const DOWNLOADS_TRIED = 3;

/** One version of a job's project, as a lease names it. */
export type ContextOrder = { jobId: number; version: number; size: number; sha256: string };

type Fetching = { client: Pick<ManagerClient, "file">; patience: Patience; signal: AbortSignal };

/**
 * Fetches a project and unpacks it to a new entry while it arrives, so that each byte is written once. A connection that is cut is taken
 * up where it stopped; what does not have the right SHA-256 at the end is fetched anew. On an error nothing is left of the entry.
 * Throws `BadArchive`, `ManagerRefusal`, an error of the file system, or the signal's reason.
 */
export async function downloadContext(entry: string, order: ContextOrder, fetching: Fetching): Promise<ContextRecord> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await downloadOnce(entry, order, fetching);
    } catch (error) {
      await rm(entry, { recursive: true, force: true });
      if (!(error instanceof BadArchive) || tries === DOWNLOADS_TRIED) throw error;
      fetching.patience.log.warn("a project arrived damaged; fetching it again", { error: error.message });
    }
  }
}

async function downloadOnce(entry: string, order: ContextOrder, fetching: Fetching): Promise<ContextRecord> {
  const folder = projectFolder(entry);
  await rm(entry, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const unpacker = startUnpacking(folder);
  try {
    const sha256 = await receive(order, unpacker, fetching);
    const files = await unpacker.end();
    if (sha256 !== order.sha256) throw new BadArchive("The project does not have the SHA-256 that the lease names.");
    const record = { sha256, files, bytes: files.reduce((sum, file) => sum + file.size, 0) };
    await writeRecord(entry, record);
    return record;
  } finally {
    await unpacker.abort();
  }
}

/** Hands all bytes of the archive on, in order and each once, over as many connections as it takes. Returns their SHA-256. */
async function receive(order: ContextOrder, unpacker: TarUnpacker, fetching: Fetching): Promise<string> {
  const { client, patience, signal } = fetching;
  const hash = new Bun.CryptoHasher("sha256");
  let offset = 0;
  await retrying("fetching the project", patience, signal, () =>
    client.file(order.jobId, { name: "context.tar", offset, sha256: order.sha256 }, signal, async (stream) => {
      if (stream.offset !== offset) throw new BadArchive("The project changed while it was fetched.");
      for await (const piece of stream.pieces) {
        offset += piece.byteLength;
        hash.update(piece);
        await unpacker.write(piece);
      }
      if (offset < order.size) throw new ManagerUnreachable("the connection was cut");
    }),
  );
  return hash.digest("hex");
}
