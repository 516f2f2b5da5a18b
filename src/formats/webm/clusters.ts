import { blockFrame } from "./block.ts";
import { element, fixedHead } from "./ebml.ts";
import * as ids from "./ids.ts";
import type { VideoFrame } from "./video-frames.ts";

/** A cluster begins with a key frame once the one before is so long; a rounded millisecond less is as good. */
const USUAL_MS = 2000 - 1;

/** At the latest after so long one begins anyway: times in it are 16-bit numbers, and end at 32.767 s. */
const LONGEST_MS = 30_000;

/** Where a cluster begins, and how many bytes of blocks there are in it. */
export type Cluster = { timeMs: number; startsWithKey: boolean; frames: number; blockBytes: number };

/** Lays out the clusters of a video; keeps a few numbers for each of them, however long it is. */
export async function layOutClusters(frames: AsyncIterable<VideoFrame>): Promise<Cluster[]> {
  const clusters: Cluster[] = [];
  let previousMs = 0;
  for await (const frame of frames) {
    if (beginsCluster(frame, clusters.at(-1)))
      clusters.push({ timeMs: frame.timeMs, startsWithKey: frame.isKey, frames: 0, blockBytes: 0 });
    const cluster = clusters.at(-1)!;
    cluster.frames += 1;
    cluster.blockBytes += blockFrame(frame, cluster.timeMs, previousMs).byteLength;
    previousMs = frame.timeMs;
  }
  return clusters;
}

/** What stands before the blocks of a cluster. */
export function clusterHead({ timeMs, blockBytes }: Cluster): Uint8Array {
  const timestamp = element(ids.TIMESTAMP, timeMs);
  return Buffer.concat([fixedHead(ids.CLUSTER, timestamp.byteLength + blockBytes), timestamp]);
}

function beginsCluster(frame: VideoFrame, current: Cluster | undefined): boolean {
  if (!current) return true;
  const elapsedMs = frame.timeMs - current.timeMs;
  return elapsedMs > LONGEST_MS || (frame.isKey && elapsedMs >= USUAL_MS);
}
