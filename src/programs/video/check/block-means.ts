import type { ByteSource } from "#formats/exr/byte-source.ts";
import { MAX_CODE, NEUTRAL_CODE, type VideoCodes, videoCodes } from "#formats/color/video-codes.ts";
import type { PictureSize } from "../../ffmpeg/encoding.ts";

/**
 * A picture as the mean codes, of ten bits, of blocks of pixels. Compression changes pixels, and hardly what a block is on average; a wrong
 * conversion changes that too. NaN where there is nothing to compare.
 */
export type BlockMeans = { y: Float32Array; cb: Float32Array; cr: Float32Array; alpha: Float32Array };

/** Also the number of lines that are read at once: a picture of 8K is not held in memory. */
const BLOCK_PIXELS = 16;

const FLOAT_BYTES = 4;

/** Frames as `exrPlanesArguments` writes them: planes of green, blue, red, and alpha. */
export type LinearPicture = {
  size: PictureSize;
  hasAlpha: boolean;
  /** Whether the video shows colour as it lies on black, or beside its alpha. */
  isOnBlack: boolean;
  gain: number;
};

/** What a frame must become, computed from its linear light without FFmpeg. */
export async function expectedMeans(source: ByteSource, picture: LinearPicture): Promise<BlockMeans> {
  const { size, hasAlpha, isOnBlack, gain } = picture;
  const { width, height } = size;
  const sums = new BlockSums(size);
  const planeBytes = width * height * FLOAT_BYTES;
  for (let top = 0; top < height; top += BLOCK_PIXELS) {
    const lines = Math.min(BLOCK_PIXELS, height - top);
    const plane = async (number: number): Promise<Float32Array> =>
      floats(await source.read(number * planeBytes + top * width * FLOAT_BYTES, lines * width * FLOAT_BYTES));
    const [green, blue, red] = [await plane(0), await plane(1), await plane(2)];
    const alpha = hasAlpha ? await plane(3) : null;
    for (let at = 0; at < lines * width; at++) {
      const a = alpha ? alpha[at]! : 1;
      const scale = isOnBlack || !(a > 0) ? gain : gain / a;
      const { y, cb, cr } = finiteCodes(red[at]! * scale, green[at]! * scale, blue[at]! * scale);
      const block = sums.blockOf(at % width, top);
      sums.note("y", block, y);
      sums.note("cb", block, cb);
      sums.note("cr", block, cr);
      sums.note("alpha", block, MAX_CODE * Math.min(1, Math.max(0, a)));
    }
  }
  return sums.means();
}

/** Of a pixel that is not a number or infinite nothing is expected; FFmpeg makes it black. */
function finiteCodes(red: number, green: number, blue: number): VideoCodes {
  return Number.isFinite(red + green + blue) ? videoCodes(red, green, blue) : { y: NaN, cb: NaN, cr: NaN };
}

/** How a decoded picture lies in memory. */
export type PixelFormat = "yuv420p10le" | "gray10le" | "yuva420p";

/** The bytes of one picture. */
export function pictureBytes(format: PixelFormat, { width, height }: PictureSize): number {
  const pixels = width * height;
  return { yuv420p10le: 3 * pixels, gray10le: 2 * pixels, yuva420p: 2.5 * pixels }[format];
}

/** The means of a picture that FFmpeg decoded, which begins at `offset`. What the format does not have is NaN. */
export async function decodedMeans(
  source: ByteSource,
  offset: number,
  { size, format }: { size: PictureSize; format: PixelFormat },
): Promise<BlockMeans> {
  const { width, height } = size;
  const isWide = format !== "yuva420p";
  const sampleBytes = isWide ? 2 : 1;
  const scale = isWide ? 1 : MAX_CODE / 255;
  const shift = isWide ? 0 : NEUTRAL_CODE - 128 * scale;
  const read = async (start: number, count: number): Promise<Uint16Array | Uint8Array> => {
    const bytes = await source.read(offset + start * sampleBytes, count * sampleBytes);
    return isWide ? new Uint16Array(aligned(bytes).buffer) : bytes;
  };
  const pixels = width * height;
  const half = width / 2;
  const sums = new BlockSums(size);
  for (let top = 0; top < height; top += BLOCK_PIXELS) {
    const lines = Math.min(BLOCK_PIXELS, height - top);
    const luma = await read(top * width, lines * width);
    for (let at = 0; at < luma.length; at++) sums.note("y", sums.blockOf(at % width, top), luma[at]! * scale);
    if (format === "yuva420p") {
      const alpha = await read(pixels * 1.5 + top * width, lines * width);
      for (let at = 0; at < alpha.length; at++) sums.note("alpha", sums.blockOf(at % width, top), alpha[at]! * scale);
    }
    if (format === "gray10le") continue;
    const cb = await read(pixels + (top / 2) * half, (lines / 2) * half);
    const cr = await read(pixels * 1.25 + (top / 2) * half, (lines / 2) * half);
    for (let at = 0; at < cb.length; at++) {
      const block = sums.blockOf((at % half) * 2, top);
      sums.note("cb", block, cb[at]! * scale + shift);
      sums.note("cr", block, cr[at]! * scale + shift);
    }
  }
  return sums.means();
}

/** Adds up what lies in each block. */
class BlockSums {
  readonly #columns: number;
  readonly #sums: Record<keyof BlockMeans, Float64Array>;
  readonly #counts: Record<keyof BlockMeans, Float64Array>;

  constructor({ width, height }: PictureSize) {
    this.#columns = Math.ceil(width / BLOCK_PIXELS);
    const blocks = this.#columns * Math.ceil(height / BLOCK_PIXELS);
    const make = (): Record<keyof BlockMeans, Float64Array> => ({
      y: new Float64Array(blocks),
      cb: new Float64Array(blocks),
      cr: new Float64Array(blocks),
      alpha: new Float64Array(blocks),
    });
    this.#sums = make();
    this.#counts = make();
  }

  blockOf(x: number, top: number): number {
    return Math.floor(top / BLOCK_PIXELS) * this.#columns + Math.floor(x / BLOCK_PIXELS);
  }

  note(plane: keyof BlockMeans, block: number, value: number): void {
    this.#sums[plane][block]! += value;
    this.#counts[plane][block]! += 1;
  }

  means(): BlockMeans {
    const mean = (plane: keyof BlockMeans): Float32Array =>
      Float32Array.from(this.#sums[plane], (sum, block) => sum / this.#counts[plane][block]!);
    return { y: mean("y"), cb: mean("cb"), cr: mean("cr"), alpha: mean("alpha") };
  }
}

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(aligned(bytes).buffer);
}

/** Bytes at a place in memory where numbers may lie. */
function aligned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
