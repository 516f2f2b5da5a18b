// Decodes the pixels of EXRs, for comparing pictures in tests: scan lines, NONE, RLE, ZIPS and ZIP, all pixel types.
import { inflateSync } from "node:zlib";
import { memorySource } from "#formats/exr/byte-source.ts";
import { readChunks } from "#formats/exr/chunks.ts";
import { linesPerChunk } from "#formats/exr/compression.ts";
import { readExrHeader } from "#formats/exr/header.ts";
import { type ExrChannel, type ExrPart, sizeOf } from "#formats/exr/part.ts";

/** A picture: the values of each channel, line by line. */
export type ExrPixels = { width: number; height: number; channels: Map<string, Float32Array> };

const VALUE_BYTES = { uint: 4, half: 2, float: 4 } as const;

/** Decodes the first part of an EXR. */
export async function readExrPixels(bytes: Uint8Array): Promise<ExrPixels> {
  const source = memorySource(bytes);
  const header = await readExrHeader(source);
  const part = header.parts[0]!;
  if (part.storage !== "scanlineimage") throw new Error(`${part.storage} is not read here`);
  const { width, height } = sizeOf(part.dataWindow);
  const channels = new Map(part.channels.map(({ name }) => [name, new Float32Array(width * height)]));
  for await (const chunk of readChunks(source, header)) {
    if (chunk.part !== part) continue;
    const top = chunk.coordinates[0]! - part.dataWindow.yMin;
    const lines = Math.min(linesPerChunk(part.compression), height - top);
    const packed = bytes.subarray(chunk.dataOffset, chunk.dataOffset + chunk.dataBytes);
    const raw = unpack(part, packed, lines * width * bytesPerPixel(part.channels));
    copyLines(part.channels, raw, { top, lines, width }, channels);
  }
  return { width, height, channels };
}

/** The largest difference between two pictures in any channel; Infinity when they do not have the same size and channels. */
export function largestDifference(a: ExrPixels, b: ExrPixels): number {
  if (a.width !== b.width || a.height !== b.height || a.channels.size !== b.channels.size) return Infinity;
  let largest = 0;
  for (const [name, values] of a.channels) {
    const others = b.channels.get(name);
    if (!others) return Infinity;
    for (let at = 0; at < values.length; at++)
      if (!Object.is(values[at], others[at])) largest = Math.max(largest, difference(values[at]!, others[at]!));
  }
  return largest;
}

function difference(a: number, b: number): number {
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Infinity;
}

function copyLines(
  channels: readonly ExrChannel[],
  raw: DataView,
  place: { top: number; lines: number; width: number },
  into: Map<string, Float32Array>,
): void {
  let at = 0;
  for (let line = 0; line < place.lines; line++)
    for (const { name, type } of channels) {
      const values = into.get(name)!;
      for (let x = 0; x < place.width; x++) {
        values[(place.top + line) * place.width + x] = readValue(raw, at, type);
        at += VALUE_BYTES[type];
      }
    }
}

function readValue(raw: DataView, at: number, type: ExrChannel["type"]): number {
  if (type === "half") return raw.getFloat16(at, true);
  return type === "float" ? raw.getFloat32(at, true) : raw.getUint32(at, true);
}

function bytesPerPixel(channels: readonly ExrChannel[]): number {
  return channels.reduce((sum, { type }) => sum + VALUE_BYTES[type], 0);
}

/** A chunk that compression did not make smaller is stored raw. */
function unpack(part: ExrPart, packed: Uint8Array, rawBytes: number): DataView {
  const raw = packed.byteLength === rawBytes ? packed : decompress(part, packed);
  if (raw.byteLength !== rawBytes) throw new Error(`a chunk has ${raw.byteLength} bytes instead of ${rawBytes}`);
  return new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
}

function decompress(part: ExrPart, packed: Uint8Array): Uint8Array {
  switch (part.compression) {
    case "zip":
    case "zips":
      return interleaved(summed(inflateSync(packed)));
    case "rle":
      return interleaved(summed(expanded(packed)));
    default:
      throw new Error(`${part.compression} is not read here`);
  }
}

/** A count n >= 0 means the next byte n + 1 times, n < 0 means -n bytes as they are. */
function expanded(packed: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < packed.byteLength;) {
    const count = (packed[at]! << 24) >> 24;
    if (count < 0) out.push(...packed.subarray(at + 1, at + 1 - count));
    else for (let i = 0; i <= count; i++) out.push(packed[at + 1]!);
    at += count < 0 ? 1 - count : 2;
  }
  return Uint8Array.from(out);
}

/** Undoes the differences between neighbouring bytes. */
function summed(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let at = 1; at < out.length; at++) out[at] = out[at - 1]! + bytes[at]! - 128;
  return out;
}

/** The first half holds the even bytes, the second the odd ones. */
function interleaved(bytes: Uint8Array): Uint8Array {
  const half = Math.ceil(bytes.byteLength / 2);
  return bytes.map((_, at) => bytes[(at >> 1) + (at % 2 === 0 ? 0 : half)]!);
}
