import { open } from "node:fs/promises";
import { blender } from "../support/scenes.ts";

/** Bytes of the header of a .blend saved by Blender 2.x to 4.x. */
const HEADER_BYTES = 12;
const BLOCK_BYTES = 500_000_000;
const PIECE_BYTES = 10_000_000;

/** Writes a valid, uncompressed .blend of about `size` bytes: a real one, with blocks of data that nothing refers to put in front. */
export async function writeLargeBlend(path: string, size: number): Promise<void> {
  await blender([
    "--python-expr",
    `import bpy; bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(path)}, compress=False)`,
  ]);
  const small = await Bun.file(path).bytes();
  const noise = crypto.getRandomValues(Buffer.alloc(65_536));
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let at = 0; at < PIECE_BYTES; at += noise.length)
    noise.copy(piece, at, 0, Math.min(noise.length, PIECE_BYTES - at));
  const file = await open(path, "w");
  try {
    await file.write(small.subarray(0, HEADER_BYTES));
    for (let written = 0; written < size; written += BLOCK_BYTES) {
      await file.write(blockHead(BLOCK_BYTES));
      for (let at = 0; at < BLOCK_BYTES; at += PIECE_BYTES) await file.write(piece);
    }
    await file.write(small.subarray(HEADER_BYTES));
  } finally {
    await file.close();
  }
}

/** The 24 bytes in front of a block of a 64-bit, little-endian file: code, size, old address, struct, count. */
function blockHead(size: number): Buffer {
  const head = Buffer.alloc(24);
  head.write("DATA", 0, "latin1");
  head.writeInt32LE(size, 4);
  head.writeBigUInt64LE(0xffff_ffff_0000n, 8);
  head.writeInt32LE(1, 20);
  return head;
}
