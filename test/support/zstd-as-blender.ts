import { zstdCompressSync } from "node:zlib";

const FRAME_BYTES = 2 ** 20;
const SKIPPABLE_MAGIC = 0x184d2a5e;
const SEEKABLE_MAGIC = 0x8f92eab1;

/**
 * Compresses as Blender has done since 3.0: one zstd frame for each megabyte, then a seek table (sizes of all frames, in zstd's
 * seekable format) in a frame that decoders skip.
 */
export function zstdAsBlender(content: Uint8Array, frameBytes = FRAME_BYTES): Uint8Array {
  const frames: Uint8Array[] = [];
  const table: number[] = [];
  for (let start = 0; start < content.length; start += frameBytes) {
    const part = content.subarray(start, start + frameBytes);
    const frame = zstdCompressSync(part);
    frames.push(frame);
    table.push(frame.length, part.length);
  }
  const seekTable = Buffer.alloc(8 + table.length * 4 + 9);
  seekTable.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  seekTable.writeUInt32LE(seekTable.length - 8, 4);
  table.forEach((size, index) => seekTable.writeUInt32LE(size, 8 + index * 4));
  seekTable.writeUInt32LE(frames.length, seekTable.length - 9);
  seekTable.writeUInt32LE(SEEKABLE_MAGIC, seekTable.length - 4);
  return new Uint8Array(Buffer.concat([...frames, seekTable]));
}
