import { open, rm, stat } from "node:fs/promises";
import { hashFile } from "#programs/own/hash.ts";
import { BadDownload } from "./file-download.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerUnreachable } from "./manager-errors.ts";
import { retrying, type Patience } from "./retry.ts";
import { writeAll } from "./write-all.ts";

/** Archives that came out damaged, before it is the manager's copy that must be wrong. */
const DOWNLOADS_TRIED = 2;

/** A Blender that the manager has packed: as a lease names it. */
export type BlenderOrder = { version: string; size: number; sha256: string; unpackedBytes: number };

type Fetching = { client: Pick<ManagerClient, "blender">; patience: Patience; signal: AbortSignal };

/**
 * Fetches a packed Blender to a path. What is there already of an earlier try, also of an earlier process, is gone on with; what does not have
 * the right SHA-256 at the end is fetched anew. Throws `BadDownload`, `ManagerRefusal`, an error of the file system, or the signal's reason.
 */
export async function downloadBlender(path: string, order: BlenderOrder, fetching: Fetching): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await receive(path, order, fetching);
    const { sha256 } = await hashFile(path, { signal: fetching.signal });
    if (sha256 === order.sha256) return;
    await rm(path, { force: true });
    if (tries === DOWNLOADS_TRIED) throw new BadDownload(`Blender ${order.version} arrives damaged every time.`);
    fetching.patience.log.warn("a Blender arrived damaged; fetching it again", { version: order.version });
  }
}

/** Writes all bytes of the archive that are not there yet, over as many connections as it takes. */
async function receive(path: string, order: BlenderOrder, { client, patience, signal }: Fetching): Promise<void> {
  const target = await open(path, "a");
  try {
    let { size: offset } = await stat(path);
    if (offset > order.size) await target.truncate((offset = 0));
    if (offset === order.size) return;
    await retrying(`fetching Blender ${order.version}`, patience, signal, () =>
      client.blender(order.version, { offset, sha256: order.sha256 }, signal, async (stream) => {
        if (stream.offset !== offset) await target.truncate((offset = 0));
        for await (const piece of stream.pieces) {
          offset += piece.byteLength;
          await writeAll(target, piece);
        }
        if (offset < order.size) throw new ManagerUnreachable("the connection was cut");
      }),
    );
  } finally {
    await target.close();
  }
}
