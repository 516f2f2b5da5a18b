import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A disk of its own that is soon full. */
export type SmallDisk = {
  path: string;
  /** Fills it to the last byte. */
  fill: () => void;
  /** Makes room again. */
  free: () => void;
  unmount: () => void;
};

/** Why there are no small disks here, or null; only root may mount one. */
export const NO_SMALL_DISK =
  process.getuid?.() === 0 && Bun.which("mount") ? null : "needs root, to mount a small disk";

/** Mounts a disk in memory at a new folder. */
export function mountSmallDisk(path: string, megabytes: number): SmallDisk {
  mkdirSync(path, { recursive: true });
  run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path);
  const ballast = join(path, "ballast");
  return {
    path,
    fill: () => {
      const file = openSync(ballast, "a");
      try {
        for (const piece of [new Uint8Array(2 ** 16), new Uint8Array(2 ** 10)]) fillWith(file, piece);
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
    // Also while somebody still has a file open there.
    unmount: () => run("umount", "--lazy", path),
  };
}

function fillWith(file: number, piece: Uint8Array): void {
  try {
    while (writeSync(file, piece) === piece.length);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

function run(...argv: [string, ...string[]]): void {
  const { exitCode, stderr } = Bun.spawnSync(argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr.toString()}`);
}
