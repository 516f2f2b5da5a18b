import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Pictures } from "#protocol/runner.ts";
import { downloadFile, type Fetching } from "./file-download.ts";
import { createTurns } from "./turns.ts";

/** Downloads under way at once: enough to fill a line whose answers take long. */
const PARALLEL_DOWNLOADS = 4;

/** So many frames are fetched before they are asked for. */
const FRAMES_AHEAD = 8;

export type Picture = Pictures["items"][number];

/** Has the frames of a video at hand one after the other, and no more of them than are needed. */
export type FrameFetcher = {
  /** Where the file of a frame lies once it is there. */
  path: (index: number) => string;
  /** Resolves when the file of a frame is there; those after it are fetched meanwhile. Throws as `downloadFile` does. */
  fetch: (index: number) => Promise<void>;
  /** Removes the file of a frame that is not needed any more. */
  release: (index: number) => Promise<void>;
};

/** In place of a file that was there and is not needed any more. */
const RELEASED = Promise.resolve();

/** Makes a fetcher of a job's pictures into a folder; a whole file that lies there already is not fetched again. */
export function createFrameFetcher(
  folder: string,
  of: { jobId: number; pictures: readonly Picture[] },
  fetching: Fetching,
): FrameFetcher {
  const { jobId, pictures } = of;
  const known = new Map<number, Promise<void>>();
  const turns = createTurns(PARALLEL_DOWNLOADS);

  const path = (index: number): string => join(folder, pictures[index]!.name);

  const download = async (index: number): Promise<void> => {
    await turns.take();
    try {
      fetching.signal.throwIfAborted();
      const picture = pictures[index]!;
      if ((await sizeOf(path(index))) !== picture.size)
        await downloadFile(path(index), { jobId, ...picture }, fetching);
    } finally {
      turns.pass();
    }
  };

  const begin = (index: number): Promise<void> => {
    const before = known.get(index);
    if (before && before !== RELEASED) return before;
    const begun = download(index);
    known.set(index, begun);
    // Whoever waits for it hears of it; of one that is fetched ahead that may be nobody yet.
    begun.catch(() => known.delete(index));
    return begun;
  };

  return {
    path,
    fetch: async (index) => {
      // Frames are asked for in their order, but for those that are looked at in the end.
      const isInOrder = known.has(index - 1);
      const asked = begin(index);
      const last = isInOrder ? Math.min(index + FRAMES_AHEAD, pictures.length - 1) : index;
      for (let next = index + 1; next <= last; next += 1) if (!known.has(next)) void begin(next);
      await asked;
    },
    release: async (index) => {
      known.set(index, RELEASED);
      await rm(path(index), { force: true });
    },
  };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
