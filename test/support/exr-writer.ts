// Writes EXRs for tests, straight from the OpenEXR File Layout and independent of the reader in src/.
import { deflateSync } from "node:zlib";

type Box = readonly [xMin: number, yMin: number, xMax: number, yMax: number];

const COMPRESSIONS = { none: [0, 1], rle: [1, 1], zips: [2, 1], zip: [3, 16], piz: [4, 32] } as const;
const PIXEL_TYPES = { uint: [0, 4], half: [1, 2], float: [2, 4] } as const;

export type ExrSpec = {
  /** The data window; by default it is the display window too. */
  window: Box;
  displayWindow?: Box;
  /** Channel names and types; by default a half-float RGBA as Blender writes it. */
  channels?: Record<string, keyof typeof PIXEL_TYPES>;
  /** PIZ is not compressed here: its chunks hold the raw pixels, as they do where it would not make them smaller. */
  compression?: keyof typeof COMPRESSIONS;
  lineOrder?: "increasing" | "decreasing";
  /** The value of a pixel; by default a gradient that differs in every channel. */
  value?: (channel: string, x: number, y: number) => number;
  tiles?: { size: number; levels: "one" | "mipmap" | "ripmap"; rounding?: "down" | "up" };
  /** Strings by their names: `name`, `view`, `type` and whatever a program notes. */
  texts?: Record<string, string>;
  multiView?: string[];
  deep?: boolean;
};

export const RGBA = { A: "half", B: "half", G: "half", R: "half" } as const;

/** A picture of the given size whose data and display window begin at 0, 0. */
export function sized(width: number, height: number): Box {
  return [0, 0, width - 1, height - 1];
}

/** The bytes of an EXR; several specs make a multi-part file. */
export function writeExr(...specs: [ExrSpec, ...ExrSpec[]]): Uint8Array {
  const isMultiPart = specs.length > 1;
  const isDeep = specs.some((spec) => spec.deep);
  const flags = (isMultiPart ? 0x1000 : 0) | (isDeep ? 0x800 : 0) | (!isMultiPart && specs[0].tiles ? 0x200 : 0);
  const chunks = specs.map((spec, part) => chunksOf(spec, isMultiPart ? int32(part) : Buffer.alloc(0)));
  const headers = specs.map((spec, part) => partHeader(spec, isMultiPart || isDeep ? chunks[part]!.length : null));
  const start = Buffer.concat([uint32(20000630), uint32(2 | flags), ...headers, Buffer.alloc(isMultiPart ? 1 : 0)]);
  let offset = start.byteLength + 8 * chunks.flat().length;
  const tables = chunks.map((ofPart, part) => {
    const places = new Array<number>(ofPart.length);
    for (const index of fileOrder(specs[part]!, ofPart.length)) {
      places[index] = offset;
      offset += ofPart[index]!.byteLength;
    }
    return Buffer.concat(places.map(uint64));
  });
  const bodies = chunks.map((ofPart, part) => fileOrder(specs[part]!, ofPart.length).map((index) => ofPart[index]!));
  return Buffer.concat([start, ...tables, ...bodies.flat()]);
}

function fileOrder(spec: ExrSpec, count: number): number[] {
  const order = [...Array(count).keys()];
  return spec.lineOrder === "decreasing" ? order.reverse() : order;
}

/** `chunkCount` is noted, as the type is, only where OpenEXR 2 asks for them. */
function partHeader(spec: ExrSpec, chunkCount: number | null): Buffer {
  const channels = Object.entries(spec.channels ?? RGBA).map(([name, type]) =>
    Buffer.concat([text(name), uint32(PIXEL_TYPES[type][0]), Buffer.alloc(4), int32(1), int32(1)]),
  );
  const attributes = [
    attribute("channels", "chlist", Buffer.concat([...channels, Buffer.alloc(1)])),
    attribute("compression", "compression", Buffer.of(COMPRESSIONS[spec.compression ?? "zip"][0])),
    attribute("dataWindow", "box2i", Buffer.concat(spec.window.map(int32))),
    attribute("displayWindow", "box2i", Buffer.concat((spec.displayWindow ?? spec.window).map(int32))),
    attribute("lineOrder", "lineOrder", Buffer.of(spec.lineOrder === "decreasing" ? 1 : 0)),
    ...Object.entries(spec.texts ?? {}).map(([name, value]) => attribute(name, "string", Buffer.from(value))),
  ];
  if (chunkCount !== null) attributes.push(attribute("type", "string", Buffer.from(storageOf(spec))));
  if (chunkCount !== null) attributes.push(attribute("chunkCount", "int", int32(chunkCount)));
  if (spec.tiles) attributes.push(attribute("tiles", "tiledesc", tileDescription(spec.tiles)));
  if (spec.multiView) {
    const views = spec.multiView.map((view) => Buffer.concat([int32(Buffer.byteLength(view)), Buffer.from(view)]));
    attributes.push(attribute("multiView", "stringvector", Buffer.concat(views)));
  }
  return Buffer.concat([...attributes, Buffer.alloc(1)]);
}

function storageOf({ deep, tiles }: ExrSpec): string {
  if (deep) return tiles ? "deeptile" : "deepscanline";
  return tiles ? "tiledimage" : "scanlineimage";
}

function tileDescription({ size, levels, rounding }: NonNullable<ExrSpec["tiles"]>): Buffer {
  const mode = ["one", "mipmap", "ripmap"].indexOf(levels) | (rounding === "up" ? 0x10 : 0);
  return Buffer.concat([uint32(size), uint32(size), Buffer.of(mode)]);
}

function chunksOf(spec: ExrSpec, prefix: Buffer): Buffer[] {
  if (spec.tiles) return tilesOf(spec, prefix);
  const [xMin, yMin, xMax, yMax] = spec.window;
  const lines = COMPRESSIONS[spec.compression ?? "zip"][1];
  const chunks: Buffer[] = [];
  for (let y = yMin; y <= yMax; y += lines) {
    const data = compress(spec, pixels(spec, [xMin, y, xMax, Math.min(y + lines - 1, yMax)]));
    const sizes = spec.deep ? [uint64(4), uint64(data.byteLength), uint64(99), uint32(1)] : [int32(data.byteLength)];
    chunks.push(Buffer.concat([prefix, int32(y), ...sizes, data]));
  }
  return chunks;
}

function tilesOf(spec: ExrSpec, prefix: Buffer): Buffer[] {
  const { size, levels, rounding = "down" } = spec.tiles!;
  const [xMin, yMin, xMax, yMax] = spec.window;
  const round = rounding === "down" ? Math.floor : Math.ceil;
  const side = (full: number, level: number): number => Math.max(1, round(full / 2 ** level));
  const count = (full: number): number => round(Math.log2(full)) + 1;
  const [width, height] = [xMax - xMin + 1, yMax - yMin + 1];
  const pairs: [number, number][] = [];
  if (levels === "one") pairs.push([0, 0]);
  if (levels === "mipmap") for (let i = 0; i < count(Math.max(width, height)); i++) pairs.push([i, i]);
  if (levels === "ripmap")
    for (let y = 0; y < count(height); y++) for (let x = 0; x < count(width); x++) pairs.push([x, y]);
  return pairs.flatMap(([levelX, levelY]) => {
    const chunks: Buffer[] = [];
    for (let row = 0; row * size < side(height, levelY); row++)
      for (let column = 0; column * size < side(width, levelX); column++) {
        const right = Math.min((column + 1) * size, side(width, levelX)) - 1;
        const bottom = Math.min((row + 1) * size, side(height, levelY)) - 1;
        const data = compress(spec, pixels(spec, [column * size, row * size, right, bottom]));
        chunks.push(Buffer.concat([prefix, ...[column, row, levelX, levelY, data.byteLength].map(int32), data]));
      }
    return chunks;
  });
}

/** Line by line, and in each line channel by channel in the order of their names. */
function pixels(spec: ExrSpec, [xMin, yMin, xMax, yMax]: Box): Buffer {
  const channels = Object.entries(spec.channels ?? RGBA);
  const value = spec.value ?? ((channel, x, y) => (x * 3 + y * 5 + channel.charCodeAt(0)) / 64);
  const parts: Buffer[] = [];
  for (let y = yMin; y <= yMax; y++)
    for (const [name, type] of channels) {
      const width = PIXEL_TYPES[type][1];
      const line = new DataView(new ArrayBuffer((xMax - xMin + 1) * width));
      for (let x = xMin; x <= xMax; x++) {
        const at = (x - xMin) * width;
        if (type === "half") line.setFloat16(at, value(name, x, y), true);
        if (type === "float") line.setFloat32(at, value(name, x, y), true);
        if (type === "uint") line.setUint32(at, value(name, x, y), true);
      }
      parts.push(Buffer.from(line.buffer));
    }
  return Buffer.concat(parts);
}

function compress(spec: ExrSpec, raw: Buffer): Buffer {
  const compression = spec.compression ?? "zip";
  if (compression === "none" || compression === "piz" || spec.deep) return raw;
  const prepared = differences(reordered(raw));
  const packed = compression === "rle" ? runLengths(prepared) : deflateSync(prepared);
  return packed.byteLength < raw.byteLength ? packed : raw;
}

/** All even bytes, then all odd ones. */
function reordered(raw: Buffer): Buffer {
  const half = Math.ceil(raw.byteLength / 2);
  return Buffer.from(raw.map((_, i) => (i < half ? raw[2 * i]! : raw[2 * (i - half) + 1]!)));
}

function differences(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => (i === 0 ? byte : byte - bytes[i - 1]! + 128)));
}

/** A count n >= 0 means the next byte n + 1 times, n < 0 means -n bytes as they are. */
function runLengths(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run >= 3) {
      out.push(run - 1, bytes[at]!);
      at += run;
    } else {
      const end = Math.min(at + 3, bytes.byteLength);
      out.push(256 - (end - at), ...bytes.subarray(at, end));
      at = end;
    }
  }
  return Buffer.from(out);
}

function attribute(name: string, type: string, value: Buffer): Buffer {
  return Buffer.concat([text(name), text(type), uint32(value.byteLength), value]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
