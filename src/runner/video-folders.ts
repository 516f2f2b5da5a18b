import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { LeasedEncode } from "#protocol/runner.ts";
import type { Picture } from "./frame-fetcher.ts";
import type { Time } from "./time.ts";

/** A folder to which nobody has come back for so long is of a video that others have made, or nobody wants any more. */
const KEPT_MS = 24 * 3600 * 1000;

/** Where a video is made. */
export type VideoFolder = {
  path: string;
  /** EXRs, and the sound. */
  frames: string;
  /** What the encoder keeps from attempt to attempt. */
  work: string;
  output: string;
  /** Removes it with all that was done. */
  remove: () => Promise<void>;
  /** Lets go of it; it stays for the next attempt. */
  close: () => void;
};

export type VideoFolders = {
  /** Opens the folder of a video, as an earlier attempt has left it. Two attempts never have it at the same time: they would be of one task. */
  open: (task: LeasedEncode, pictures: readonly Picture[]) => Promise<VideoFolder>;
  /** Removes those that wait for an attempt which may never come; `all` of them because room is short, else the old ones. */
  sweep: (which: "old" | "all") => Promise<void>;
};

/** Keeps the folders of videos under way in `root`, over restarts. */
export function createVideoFolders(root: string, time: Time): VideoFolders {
  const inUse = new Set<string>();
  return {
    open: async (task, pictures) => {
      const name = nameOf(task, pictures);
      const path = join(root, name);
      inUse.add(name);
      const folder = { path, frames: join(path, "frames"), work: join(path, "work"), output: join(path, "output") };
      for (const part of [folder.frames, folder.work, folder.output]) await mkdir(part, { recursive: true });
      await utimes(path, time.nowMs() / 1000, time.nowMs() / 1000);
      return {
        ...folder,
        remove: () => rm(path, { recursive: true, force: true }),
        close: () => void inUse.delete(name),
      };
    },
    sweep: async (which) => {
      for (const name of await readdir(root)) {
        const path = join(root, name);
        const idleMs = time.nowMs() - (await stat(path)).mtimeMs;
        if (!inUse.has(name) && (which === "all" || idleMs > KEPT_MS)) await rm(path, { recursive: true, force: true });
      }
    },
  };
}

/** The same frames in the same format are the same video, also when a manager counts its jobs from 1 again. */
function nameOf({ jobId, format }: LeasedEncode, pictures: readonly Picture[]): string {
  const hash = createHash("sha256");
  for (const { name, sha256 } of pictures) hash.update(`${name} ${sha256}\n`);
  return `${jobId}-${format}-${hash.digest("hex").slice(0, 12)}`;
}
