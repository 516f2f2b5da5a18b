import { encodePng } from "../png.ts";
import type { BlockIndex } from "./block-index.ts";

/** Eight bits each of red, green, blue and alpha, from the top row down. */
export type Thumbnail = { width: number; height: number; rgba: Uint8Array };

const SIZE_BYTES = 8;

/** The preview in the file's TEST block (since 2.50, usually of 128 × 128 pixels): two sizes, then rows from the bottom up. */
export function thumbnailOf(index: BlockIndex): Thumbnail | null {
  const data = index.withCode("TEST")[0]?.data;
  if (!data || data.length < SIZE_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getInt32(0, index.header.littleEndian);
  const height = view.getInt32(4, index.header.littleEndian);
  if (width <= 0 || height <= 0 || SIZE_BYTES + width * height * 4 > data.length) return null;

  const rgba = new Uint8Array(width * height * 4);
  const rowBytes = width * 4;
  for (let row = 0; row < height; row++) {
    const start = SIZE_BYTES + (height - 1 - row) * rowBytes;
    rgba.set(data.subarray(start, start + rowBytes), row * rowBytes);
  }
  return { width, height, rgba };
}

/** The preview as a PNG file. */
export function thumbnailPng({ width, height, rgba }: Thumbnail): Uint8Array {
  return encodePng(width, height, rgba);
}
