import { Cursor, EndOfBytes } from "./cursor.ts";
import { damaged, ExrError } from "./error.ts";
import type { ExrBox, ExrChannel, ExrPixelType, ExrTiles } from "./part.ts";

/** A value as it stands in a header: the name of its type, and its bytes. */
export type ExrAttribute = { type: string; bytes: Uint8Array };

export type ExrAttributes = ReadonlyMap<string, ExrAttribute>;

/** Long names are 255 bytes, short ones 31 (OpenEXR File Layout, "Version Field"). */
const MAX_NAME_BYTES = 255;

/** More than any real file has; so that a header of junk does not fill the memory. */
const MAX_ATTRIBUTES = 10_000;
const MAX_CHANNELS = 10_000;
const MAX_TEXT_BYTES = 64 * 1024;

const PIXEL_TYPES: readonly ExrPixelType[] = ["uint", "half", "float"];
const LEVELS: readonly ExrTiles["levels"][] = ["one", "mipmap", "ripmap"];
const ROUNDINGS: readonly ExrTiles["rounding"][] = ["down", "up"];

/** Reads the attributes of one part up to the NUL that ends them; none at all when that comes first. */
export function readAttributes(cursor: Cursor): Map<string, ExrAttribute> {
  const attributes = new Map<string, ExrAttribute>();
  for (;;) {
    const name = readName(cursor);
    if (name === "") return attributes;
    const type = readName(cursor);
    attributes.set(name, { type, bytes: cursor.bytes(cursor.uint32()) });
    if (attributes.size > MAX_ATTRIBUTES) throw tooMany("attributes", MAX_ATTRIBUTES);
  }
}

/** The channels of a `chlist`. */
export function readChannels({ bytes }: ExrAttribute): ExrChannel[] {
  const cursor = new Cursor(bytes);
  const channels: ExrChannel[] = [];
  for (let name = readName(cursor); name !== ""; name = readName(cursor)) {
    const type = PIXEL_TYPES[cursor.uint32()];
    cursor.bytes(4); // whether B44 and DWA treat it as linear light, and three reserved bytes
    const xSampling = cursor.int32();
    const ySampling = cursor.int32();
    if (type === undefined) throw damaged(`channel ${JSON.stringify(name)} has an unknown type`);
    if (xSampling < 1 || ySampling < 1) throw damaged(`channel ${JSON.stringify(name)} has a sampling below 1`);
    channels.push({ name, type, xSampling, ySampling });
    if (channels.length > MAX_CHANNELS) throw tooMany("channels", MAX_CHANNELS);
  }
  if (channels.length === 0) throw damaged("it has no channels");
  return channels;
}

/** The corners of a `box2i`. */
export function readBox({ bytes }: ExrAttribute, name: string): ExrBox {
  const cursor = new Cursor(bytes);
  const box = { xMin: cursor.int32(), yMin: cursor.int32(), xMax: cursor.int32(), yMax: cursor.int32() };
  if (box.xMax < box.xMin || box.yMax < box.yMin) throw damaged(`its ${name} ends before it begins`);
  return box;
}

/** The `tiledesc` of tiled storage. */
export function readTiles({ bytes }: ExrAttribute): ExrTiles {
  const cursor = new Cursor(bytes);
  const width = cursor.uint32();
  const height = cursor.uint32();
  const mode = cursor.uint8();
  const levels = LEVELS[mode & 0xf];
  const rounding = ROUNDINGS[mode >> 4];
  if (width === 0 || height === 0) throw damaged("its tiles have no size");
  if (levels === undefined || rounding === undefined) throw damaged("its tiles have an unknown mode");
  return { width, height, levels, rounding };
}

/** All attributes of the type `string` that are short enough to be of use. */
export function readTexts(attributes: ExrAttributes): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, { type, bytes }] of attributes)
    if (type === "string" && bytes.byteLength <= MAX_TEXT_BYTES) texts.set(name, new TextDecoder().decode(bytes));
  return texts;
}

/** The texts of a `stringvector`. */
export function readTextList({ bytes }: ExrAttribute): string[] {
  const cursor = new Cursor(bytes);
  const texts: string[] = [];
  while (cursor.position < bytes.byteLength && texts.length < MAX_CHANNELS)
    texts.push(new TextDecoder().decode(cursor.bytes(cursor.uint32())));
  return texts;
}

/** Reads a value, where running out of its bytes means that the attribute is too short. */
export function withinAttribute<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EndOfBytes) throw damaged(`its attribute ${name} is too short`);
    throw error;
  }
}

function readName(cursor: Cursor): string {
  const name = cursor.text(MAX_NAME_BYTES);
  if (name === null) throw damaged(`a name in its header has more than ${MAX_NAME_BYTES} bytes`);
  return name;
}

function tooMany(what: string, max: number): ExrError {
  return new ExrError("too_large", `The EXR has more than ${max} ${what}, which no real one has.`);
}
