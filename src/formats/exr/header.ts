import {
  type ExrAttribute,
  type ExrAttributes,
  readAttributes,
  readBox,
  readChannels,
  readTextList,
  readTexts,
  readTiles,
  withinAttribute,
} from "./attributes.ts";
import type { ByteSource } from "./byte-source.ts";
import { compressionOf, type ExrCompression } from "./compression.ts";
import { Cursor, EndOfBytes } from "./cursor.ts";
import { damaged, ExrError, truncated } from "./error.ts";
import type { ExrPart, ExrStorage } from "./part.ts";

/** Everything before the pixels. `endOffset` is where the chunk offset tables begin. */
export type ExrHeader = { isMultiPart: boolean; parts: ExrPart[]; endOffset: number };

/** The magic number 20000630, and the version field behind it (OpenEXR File Layout, "Magic Number", "Version Field"). */
const MAGIC = 20000630;
const VERSION = 2;
const FLAG_TILED = 0x200;
const FLAG_LONG_NAMES = 0x400;
const FLAG_DEEP = 0x800;
const FLAG_MULTI_PART = 0x1000;
const KNOWN_FLAGS = FLAG_TILED | FLAG_LONG_NAMES | FLAG_DEEP | FLAG_MULTI_PART;

/** Headers take a few kilobytes; with the names of all objects for Cryptomatte, a few megabytes. */
const FIRST_READ_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 2 ** 20;
const MAX_PARTS = 1000;

const STORAGES: readonly ExrStorage[] = ["scanlineimage", "tiledimage", "deepscanline", "deeptile"];
const LINE_ORDERS: readonly ExrPart["lineOrder"][] = ["increasing", "decreasing", "random"];

/** Reads the header of an EXR. Throws `ExrError`. */
export async function readExrHeader(source: ByteSource): Promise<ExrHeader> {
  for (let length = FIRST_READ_BYTES; ; length *= 4) {
    const bytes = await source.read(0, Math.min(length, MAX_HEADER_BYTES, source.size));
    try {
      return parseExrHeader(bytes);
    } catch (error) {
      if (!(error instanceof EndOfBytes)) throw error;
      if (bytes.byteLength >= source.size || bytes.byteLength < length) throw truncated("its header breaks off");
      if (length >= MAX_HEADER_BYTES) throw new ExrError("too_large", "The EXR's header has more than 16 MB.");
    }
  }
}

/** Reads a header that lies in the given bytes; throws `EndOfBytes` when it goes on behind them. */
function parseExrHeader(bytes: Uint8Array): ExrHeader {
  const cursor = new Cursor(bytes);
  const flags = readVersion(cursor);
  const isMultiPart = (flags & FLAG_MULTI_PART) !== 0;
  const parts: ExrPart[] = [];
  for (;;) {
    const attributes = readAttributes(cursor);
    if (isMultiPart && attributes.size === 0) break;
    parts.push(readPart(attributes, flags));
    if (!isMultiPart) break;
    if (parts.length > MAX_PARTS) throw new ExrError("too_large", `The EXR has more than ${MAX_PARTS} parts.`);
  }
  if (parts.length === 0) throw damaged("it has no parts");
  return { isMultiPart, parts, endOffset: cursor.position };
}

function readVersion(cursor: Cursor): number {
  if (cursor.uint32() !== MAGIC) throw new ExrError("not_an_exr", "This is not an EXR.");
  const field = cursor.uint32();
  const flags = field & ~0xff;
  if ((field & 0xff) !== VERSION || (flags & ~KNOWN_FLAGS) !== 0)
    throw new ExrError(
      "unsupported",
      `This EXR has version ${field & 0xff} with flags ${flags}, which is not known here.`,
    );
  return flags;
}

function readPart(attributes: ExrAttributes, flags: number): ExrPart {
  const storage = storageOf(attributes, flags);
  const isTiled = storage === "tiledimage" || storage === "deeptile";
  const value = <T>(name: string, type: string, read: (attribute: ExrAttribute) => T): T =>
    withinAttribute(name, () => read(attributeOf(attributes, name, type)));
  const texts = readTexts(attributes);
  return {
    name: texts.get("name") ?? null,
    view: texts.get("view") ?? null,
    storage,
    compression: value("compression", "compression", readCompression),
    channels: value("channels", "chlist", readChannels),
    dataWindow: value("dataWindow", "box2i", (attribute) => readBox(attribute, "data window")),
    displayWindow: value("displayWindow", "box2i", (attribute) => readBox(attribute, "display window")),
    lineOrder: value("lineOrder", "lineOrder", readLineOrder),
    tiles: isTiled ? value("tiles", "tiledesc", readTiles) : null,
    views: attributes.has("multiView") ? value("multiView", "stringvector", readTextList) : [],
    texts,
  };
}

/** OpenEXR 2 says it in an attribute, which before had to be told from a flag. */
function storageOf(attributes: ExrAttributes, flags: number): ExrStorage {
  const type = attributes.get("type");
  if (type === undefined || (flags & (FLAG_DEEP | FLAG_MULTI_PART)) === 0)
    return (flags & FLAG_TILED) === 0 ? "scanlineimage" : "tiledimage";
  const name = new TextDecoder().decode(type.bytes.subarray(0, 32));
  const storage = STORAGES.find((known) => known === name);
  if (storage === undefined)
    throw new ExrError("unsupported", `The EXR's part is a ${JSON.stringify(name)}, which is not known here.`);
  return storage;
}

function attributeOf(attributes: ExrAttributes, name: string, type: string): ExrAttribute {
  const attribute = attributes.get(name);
  if (attribute?.type !== type) throw damaged(`it has no attribute ${name}`);
  return attribute;
}

function readCompression({ bytes }: ExrAttribute): ExrCompression {
  const number = new Cursor(bytes).uint8();
  const compression = compressionOf(number);
  if (compression === null)
    throw new ExrError("unsupported", `The EXR has compression ${number}, which is not known here.`);
  return compression;
}

function readLineOrder({ bytes }: ExrAttribute): ExrPart["lineOrder"] {
  const order = LINE_ORDERS[new Cursor(bytes).uint8()];
  if (order === undefined) throw damaged("its line order is unknown");
  return order;
}
