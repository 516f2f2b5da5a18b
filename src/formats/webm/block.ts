import { element, head, signed } from "./ebml.ts";
import * as ids from "./ids.ts";
import type { VideoFrame } from "./video-frames.ts";

/** The number of the one track. */
export const VIDEO_TRACK = 1;

/** What BlockAdditional 1 of VP9 is: the alpha channel ("VP8 Alpha Channel", WebM Project; the same for VP9). */
const ALPHA_ADDITION_ID = 1;

const SIMPLE_KEY_FRAME = 0x80;
const BLOCK_HEAD_BYTES = 4;

/** A block without its pictures: what stands before that of colour, between the two, and after them. */
export type BlockFrame = { before: Uint8Array; between: Uint8Array; after: Uint8Array; byteLength: number };

/** Lays out the block of a frame, in a cluster that begins at `clusterMs`; `previousMs` is the time of the frame before. */
export function blockFrame(frame: VideoFrame, clusterMs: number, previousMs: number): BlockFrame {
  const parts = frame.alpha ? groupParts(frame, clusterMs, previousMs) : simpleParts(frame, clusterMs);
  const [before, between, after] = parts;
  const pictures = frame.color.size + (frame.alpha?.size ?? 0);
  return { before, between, after, byteLength: before.byteLength + between.byteLength + after.byteLength + pictures };
}

type Parts = [before: Uint8Array, between: Uint8Array, after: Uint8Array];

const NOTHING = new Uint8Array(0);

function simpleParts({ timeMs, isKey, color }: VideoFrame, clusterMs: number): Parts {
  const start = head(ids.SIMPLE_BLOCK, BLOCK_HEAD_BYTES + color.size);
  return [Buffer.concat([start, blockHead(timeMs - clusterMs, isKey ? SIMPLE_KEY_FRAME : 0)]), NOTHING, NOTHING];
}

/** Only a group can carry additions. In it a frame is a key frame when it refers to no other. */
function groupParts({ timeMs, isKey, color, alpha }: VideoFrame, clusterMs: number, previousMs: number): Parts {
  const alphaSize = alpha?.size ?? 0;
  const additionId = element(ids.BLOCK_ADD_ID, ALPHA_ADDITION_ID);
  const additional = head(ids.BLOCK_ADDITIONAL, alphaSize);
  const moreSize = additionId.byteLength + additional.byteLength + alphaSize;
  const more = head(ids.BLOCK_MORE, moreSize);
  const additions = head(ids.BLOCK_ADDITIONS, more.byteLength + moreSize);
  const block = Buffer.concat([head(ids.BLOCK, BLOCK_HEAD_BYTES + color.size), blockHead(timeMs - clusterMs, 0)]);
  const between = Buffer.concat([additions, more, additionId, additional]);
  const after = isKey ? NOTHING : element(ids.REFERENCE_BLOCK, signed(previousMs - timeMs));
  const size = block.byteLength + color.size + between.byteLength + alphaSize + after.byteLength;
  return [Buffer.concat([head(ids.BLOCK_GROUP, size), block]), between, after];
}

/** Track, time since the start of the cluster, flags. */
function blockHead(sinceClusterMs: number, flags: number): Uint8Array {
  const bytes = Buffer.alloc(BLOCK_HEAD_BYTES);
  bytes[0] = 0x80 | VIDEO_TRACK;
  bytes.writeInt16BE(sinceClusterMs, 1);
  bytes[3] = flags;
  return bytes;
}
