import { stat, statfs } from "node:fs/promises";
import type { SavedFrame } from "#programs/blender/render-event.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import type { Outbox, Outgoing } from "./outbox.ts";

/** With less than this left, a file that is not whole is so for want of space: Blender says "Saved" and ends well all the same. */
const FULL_DISK_BYTES = 1024 * 1024;

export class DiskFull extends Error {
  override name = "DiskFull";
}

/** Reads a finished file to its end; says in one sentence what is wrong with it, or null. */
export type CheckFrame = (path: string) => Promise<string | null>;

export type FrameFiling = {
  /** What has been handed to the outbox. */
  readonly outgoing: readonly Outgoing[];
  /** What was wrong with the first frame that was not fit to be sent. */
  readonly problem: string | null;
  /** Looks at all files of a frame, and hands them to the outbox if each of them is whole. Throws when the disk is full. */
  file: (saved: SavedFrame) => Promise<void>;
};

/** Sees to the frames of one task between Blender and the outbox. A frame that is damaged does not keep the others from being sent. */
export function createFrameFiling(task: LeasedRender, outbox: Pick<Outbox, "add">, check: CheckFrame): FrameFiling {
  const outgoing: Outgoing[] = [];
  let problem: string | null = null;
  return {
    outgoing,
    get problem() {
      return problem;
    },
    file: async ({ frame, files }) => {
      for (const { name, path } of files) {
        const wrong = await findFault(path, check);
        if (wrong === null) continue;
        if (await isDiskFull(path)) throw new DiskFull();
        problem ??= `${name}: ${wrong}`;
        return;
      }
      const { id: taskId, jobId, attempt } = task;
      for (const { name, path } of files)
        outgoing.push(await outbox.add(path, { jobId, taskId, attempt, frame, name, of: files.length }));
    },
  };
}

async function findFault(path: string, check: CheckFrame): Promise<string | null> {
  const { size } = await stat(path);
  if (size === 0) return "The file is empty.";
  return check(path);
}

async function isDiskFull(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize < FULL_DISK_BYTES;
}
