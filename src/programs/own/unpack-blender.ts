import { BadBlenderArchive } from "../blender/pack/entry.ts";
import { cleanEnvironment } from "../environment.ts";
import { selfCommand } from "../self-command.ts";
import { runProgram } from "../spawn.ts";
import { OWN_COMMANDS } from "./commands.ts";

export type UnpackEvent =
  | { type: "progress"; readBytes: number }
  | { type: "done"; bytes: number }
  | { type: "failed"; kind: "bad" | "disk_full" | "other"; message: string };

/** There is no room for the unpacked Blender. */
export class NoRoom extends Error {
  override name = "NoRoom";
}

export type UnpackOptions = { signal: AbortSignal; onProgress?: (readBytes: number) => void };

/**
 * Unpacks a packed Blender into an empty folder in a process of its own, for it computes for half a minute, and the archive may be
 * anything. Returns the bytes of all files. Throws `BadBlenderArchive`, `NoRoom`, the signal's reason, or what the system says; what was
 * written by then stays for the caller to remove.
 */
export async function unpackBlenderApart(archive: string, folder: string, options: UnpackOptions): Promise<number> {
  const { signal, onProgress } = options;
  const argv = [...selfCommand(), OWN_COMMANDS.unpackBlender, archive, folder] as [string, ...string[]];
  const told: { last: UnpackEvent | null } = { last: null };
  const result = await runProgram(
    { argv, environment: cleanEnvironment() },
    {
      signal,
      onEvent: (event) => {
        const said = event as UnpackEvent;
        if (said.type === "progress") onProgress?.(said.readBytes);
        else told.last = said;
      },
    },
  );
  signal.throwIfAborted();
  const { last } = told;
  if (last?.type === "done") return last.bytes;
  if (last?.type !== "failed")
    throw new Error(`unpacking ended with ${result.exitCode ?? result.signal ?? result.reason}`);
  if (last.kind === "bad") throw new BadBlenderArchive(last.message);
  throw last.kind === "disk_full" ? new NoRoom(last.message) : new Error(last.message);
}
