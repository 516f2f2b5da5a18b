import { basename, dirname } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { XZ_MAGIC, xzUnpackedSize } from "#formats/xz.ts";
import { capture } from "../../capture.ts";
import { cleanEnvironment } from "../../environment.ts";
import { findProgram } from "../../find-program.ts";
import { runProgram } from "../../spawn.ts";

/** Packing 1.5 GB on a slow machine. */
const PACK_SECONDS = 3600;

/** Whether a file is compressed with xz, by its first bytes. */
export async function isXz(path: string): Promise<boolean> {
  const head = Buffer.from(await Bun.file(path).slice(0, 6).arrayBuffer());
  return head.toString("latin1") === XZ_MAGIC;
}

/** Where the end of an .xz has its index; those of Blenders take some kilobytes at most. */
const XZ_TAIL_BYTES = 64 * 1024;

/** What an archive unpacks to, where it says so: in the index of an .xz. Null where it does not. */
export async function unpackedSizeOf(archive: string): Promise<number | null> {
  const file = Bun.file(archive);
  const tail = await file.slice(Math.max(0, file.size - XZ_TAIL_BYTES)).bytes();
  return xzUnpackedSize(tail, file.size);
}

/**
 * Packs a folder as `<name>/…` into a .tar.xz, with the programs tar and xz. Throws `unavailable` when one of them is not there, or what
 * they complain of.
 */
export async function packFolder(folder: string, name: string, to: string, signal: AbortSignal): Promise<void> {
  for (const program of ["tar", "xz"])
    if (findProgram(program) === null)
      throw new AppError(
        "unavailable",
        `To pack a Blender, the program ${program} is needed (of Debian's ${program}-utils).`,
      );
  const { exitCode, stderr, reason } = await capture(
    runProgram,
    {
      argv: [
        "tar",
        ...["--owner=0", "--group=0", `--transform=flags=r;s,^${escaped(basename(folder))},${name},`],
        ...["-C", dirname(folder), "-cJf", to, basename(folder)],
      ],
      environment: { ...cleanEnvironment(), XZ_OPT: "-T0 -3" },
    },
    { timeoutSeconds: PACK_SECONDS, signal },
  );
  signal.throwIfAborted();
  if (exitCode !== 0) throw new AppError("unavailable", `Packing failed: ${stderr.at(-1) ?? reason}.`);
}

function escaped(text: string): string {
  return text.replace(/[.*[\]^$\\,]/g, "\\$&");
}
