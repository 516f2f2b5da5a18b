import type { ByteSource } from "./exr/byte-source.ts";
import { windowed } from "./windowed-source.ts";

/** IVF is what libvpx and FFmpeg write when nobody asks for a container: a header, and frames with their size and time (libvpx, ivfdec.c). */
export type IvfHeader = { codec: string; width: number; height: number; frameCount: number };

/** Where the data of a frame lie in the file. */
export type IvfFrame = { offset: number; size: number };

const SIGNATURE = "DKIF";
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;
/** One timestamp in units of a millisecond; whoever reads the files below goes by the number of the frame. */
const TICKS_PER_SECOND = 1000;

/** Reads the header of an IVF file. Throws an Error for anything else. */
export async function readIvfHeader(source: ByteSource): Promise<IvfHeader> {
  const bytes = await source.read(0, HEADER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number): string => new TextDecoder("latin1").decode(bytes.subarray(from, from + 4));
  if (bytes.byteLength < HEADER_BYTES || text(0) !== SIGNATURE) throw new Error("This is not an IVF file.");
  return {
    codec: text(8),
    width: view.getUint16(12, true),
    height: view.getUint16(14, true),
    frameCount: view.getUint32(24, true),
  };
}

/** Tells of each frame in turn. Throws an Error when the file breaks off within one. */
export async function* ivfFrames(source: ByteSource): AsyncGenerator<IvfFrame, undefined> {
  const reader = windowed(source);
  const start = await reader.read(0, HEADER_BYTES);
  let at = new DataView(start.buffer, start.byteOffset, start.byteLength).getUint16(6, true);
  while (at < source.size) {
    const bytes = await reader.read(at, FRAME_HEADER_BYTES);
    const size = bytes.byteLength < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const offset = at + FRAME_HEADER_BYTES;
    if (bytes.byteLength < FRAME_HEADER_BYTES || offset + size > source.size)
      throw new Error("The IVF file breaks off.");
    yield { offset, size };
    at = offset + size;
  }
}

/** The header of a file with as many frames. */
export function ivfHeader({ codec, width, height, frameCount }: IvfHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(SIGNATURE), 0);
  view.setUint16(6, HEADER_BYTES, true);
  bytes.set(new TextEncoder().encode(codec), 8);
  view.setUint16(12, width, true);
  view.setUint16(14, height, true);
  view.setUint32(16, TICKS_PER_SECOND, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, frameCount, true);
  return bytes;
}

/** What stands before the data of a frame. */
export function ivfFrameHeader(size: number, timeMs: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size, true);
  view.setBigUint64(4, BigInt(timeMs), true);
  return bytes;
}
