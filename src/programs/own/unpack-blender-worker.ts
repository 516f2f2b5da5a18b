import { writeSync } from "node:fs";
import { BadBlenderArchive } from "../blender/pack/entry.ts";
import { unpackBlender } from "../blender/pack/unpack.ts";
import type { UnpackEvent } from "./unpack-blender.ts";

/** The events' file descriptor, as for every program of ours. */
const EVENTS = 3;

/** Told once for so many bytes. */
const TELL_EVERY_BYTES = 4 * 1024 * 1024;

/** The other side of `unpackBlenderApart`. Returns the exit code. */
export async function runUnpackBlenderWorker(argv: readonly string[]): Promise<number> {
  const [archive, folder] = argv;
  if (archive === undefined || folder === undefined) return 2;
  const tell = (event: UnpackEvent): void => void writeSync(EVENTS, `${JSON.stringify(event)}\n`);
  let told = 0;
  try {
    const bytes = await unpackBlender(archive, folder, (readBytes) => {
      if (readBytes - told < TELL_EVERY_BYTES) return;
      told = readBytes;
      tell({ type: "progress", readBytes });
    });
    tell({ type: "done", bytes });
    return 0;
  } catch (error) {
    const bad = error instanceof BadBlenderArchive;
    const full = ["ENOSPC", "EDQUOT"].includes(String((error as { code?: unknown }).code));
    tell({ type: "failed", kind: bad ? "bad" : full ? "disk_full" : "other", message: (error as Error).message });
    return 1;
  }
}
