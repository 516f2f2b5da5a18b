import type { ByteSource } from "../exr/byte-source.ts";

/** A box of a file that is not nested in another. */
export type TopLevelBox = { type: string; offset: number; size: number; headBytes: number };

const HEAD_BYTES = 8;
const LARGE_HEAD_BYTES = 16;

/** Sizes that stand for something else: in the eight bytes that follow, and "up to the end of the file". */
const SIZE_IS_LARGE = 1;
const SIZE_IS_REST = 0;

/** Lists the boxes of a file without reading what is in them. Throws an Error for no MP4 and where one breaks off. */
export async function topLevelBoxes(source: ByteSource): Promise<TopLevelBox[]> {
  const boxes: TopLevelBox[] = [];
  for (let offset = 0; offset < source.size;) {
    const box = await readHead(source, offset);
    if (offset === 0 && box.type !== "ftyp") throw new Error("This is not an MP4.");
    if (box.size < box.headBytes || offset + box.size > source.size) throw new Error("The MP4 breaks off.");
    boxes.push(box);
    offset += box.size;
  }
  return boxes;
}

async function readHead(source: ByteSource, offset: number): Promise<TopLevelBox> {
  const bytes = Buffer.from(await source.read(offset, LARGE_HEAD_BYTES));
  if (bytes.byteLength < HEAD_BYTES) throw new Error(offset === 0 ? "This is not an MP4." : "The MP4 breaks off.");
  const size = bytes.readUInt32BE(0);
  const type = bytes.toString("latin1", 4, HEAD_BYTES);
  if (size === SIZE_IS_REST) return { type, offset, size: source.size - offset, headBytes: HEAD_BYTES };
  if (size !== SIZE_IS_LARGE) return { type, offset, size, headBytes: HEAD_BYTES };
  if (bytes.byteLength < LARGE_HEAD_BYTES) throw new Error("The MP4 breaks off.");
  return { type, offset, size: Number(bytes.readBigUInt64BE(HEAD_BYTES)), headBytes: LARGE_HEAD_BYTES };
}
