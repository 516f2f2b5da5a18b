// Writes zips for tests, straight from PKWARE's APPNOTE, good ones and such as no program would write.
import { crc32, deflateRawSync } from "node:zlib";

export type ZipSpec = {
  name: string | Uint8Array;
  content?: string | Uint8Array;
  stored?: boolean;
  zip64?: boolean;
  /** General purpose bits; bit 11 says that the name is UTF-8. */
  flags?: number;
  method?: number;
  /** A Unix mode, for links and folders. */
  mode?: number;
  /** What the directory says instead of the truth. */
  claims?: { size?: number; compressedSize?: number; crc?: number; offset?: number };
};

export type ZipEnd = { zip64?: boolean; entries?: number; directoryOffset?: bigint };

/** The bytes of a zip. */
export function writeZip(entries: ZipSpec[], end: ZipEnd = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = pack(entry);
    const local = Buffer.concat([localHeader(packed), packed.data]);
    directory.push(directoryHeader(packed, entry.claims?.offset ?? offset));
    locals.push(local);
    offset += local.byteLength;
  }
  const all = Buffer.concat(directory);
  return Buffer.concat([...locals, all, endOfDirectory(entries.length, all.byteLength, offset, end)]);
}

type Packed = {
  entry: ZipSpec;
  name: Buffer;
  data: Buffer;
  crc: number;
  size: number;
  compressedSize: number;
  method: number;
  flags: number;
};

function pack(entry: ZipSpec): Packed {
  const content = Buffer.from((entry.content ?? "") as string);
  const data = entry.stored ? content : deflateRawSync(content);
  return {
    entry,
    name: Buffer.from(entry.name as string),
    data,
    crc: entry.claims?.crc ?? crc32(content),
    size: entry.claims?.size ?? content.byteLength,
    compressedSize: entry.claims?.compressedSize ?? data.byteLength,
    method: entry.method ?? (entry.stored ? 0 : 8),
    flags: entry.flags ?? 0x800,
  };
}

function localHeader({ name, crc, size, compressedSize, method, flags, entry }: Packed): Buffer {
  const extra = entry.zip64 ? zip64Extra(size, compressedSize) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : compressedSize, 18);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : size, 22);
  header.writeUInt16LE(name.byteLength, 26);
  header.writeUInt16LE(extra.byteLength, 28);
  return Buffer.concat([header, name, extra]);
}

function directoryHeader({ name, crc, size, compressedSize, method, flags, entry }: Packed, offset: number): Buffer {
  const extra = entry.zip64 ? zip64Extra(size, compressedSize, offset) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 45, 4); // made on Unix
  header.writeUInt16LE(45, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : compressedSize, 20);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : size, 24);
  header.writeUInt16LE(name.byteLength, 28);
  header.writeUInt16LE(extra.byteLength, 30);
  header.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
  header.writeUInt32LE(entry.zip64 ? 0xffffffff : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Extra(...values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return extra;
}

function endOfDirectory(entries: number, bytes: number, offset: number, end: ZipEnd): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(end.zip64 ? 0xffff : (end.entries ?? entries) & 0xffff, 8);
  record.writeUInt16LE(end.zip64 ? 0xffff : (end.entries ?? entries) & 0xffff, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(end.zip64 ? 0xffffffff : Number(end.directoryOffset ?? offset), 16);
  if (!end.zip64) return record;
  const zip64 = Buffer.alloc(56 + 20);
  zip64.writeUInt32LE(0x06064b50, 0);
  zip64.writeBigUInt64LE(44n, 4);
  zip64.writeUInt16LE(45, 12);
  zip64.writeUInt16LE(45, 14);
  zip64.writeBigUInt64LE(BigInt(end.entries ?? entries), 24);
  zip64.writeBigUInt64LE(BigInt(end.entries ?? entries), 32);
  zip64.writeBigUInt64LE(BigInt(bytes), 40);
  zip64.writeBigUInt64LE(end.directoryOffset ?? BigInt(offset), 48);
  zip64.writeUInt32LE(0x07064b50, 56);
  zip64.writeBigUInt64LE(BigInt(offset + bytes), 64);
  zip64.writeUInt32LE(1, 72);
  return Buffer.concat([zip64, record]);
}
