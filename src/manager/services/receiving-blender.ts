import { join } from "node:path";
import { receiveFile } from "#manager/storage/receive.ts";
import type { Addition } from "./blender-source.ts";
import { blenderOfficeOf, mustHaveRoom } from "./blender-office.ts";
import type { Farm } from "./farm.ts";
import { UNPACKED_RATIO } from "./fetching-blender.ts";

/** Ten times what a packed Blender has. */
const MAX_ARCHIVE_BYTES = 4e9;

/** An archive as it arrives: its size where that is told, or about what it must be. */
export type SentArchive = {
  name: string;
  content: AsyncIterable<Uint8Array>;
  size: number | null;
  aboutBytes: number | null;
};

/**
 * Takes in the archive of a Blender that is uploaded, and begins to add it. Throws `disk_full` before the first byte where it is told how
 * large it is, `too_large` and `upload_incomplete`; then nothing is left of it.
 */
export async function receiveBlender(farm: Farm, { name, content, size, aboutBytes }: SentArchive): Promise<Addition> {
  await mustHaveRoom(blenderOfficeOf(farm), (size ?? aboutBytes ?? 0) * (1 + UNPACKED_RATIO));
  const options = { maxBytes: MAX_ARCHIVE_BYTES, ...(size === null ? {} : { expectedBytes: size }) };
  const received = await receiveFile(farm.storage, content, options);
  const path = join(farm.storage.temp, `blender-${crypto.randomUUID()}`);
  await received.commitTo(path);
  return farm.additions.begin(farm, name, { kind: "archive", path, ours: true });
}
