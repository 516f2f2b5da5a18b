import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from "yauzl";
import { type ArchiveEntry, tooManyEntries } from "./archive-guard.ts";
import { badEntry } from "./archive-path.ts";
import { decompress } from "./decompress.ts";
import type { FileSource } from "./file-source.ts";

/** An entry of a zip. Its stream begins to work when it is read, which may be never. */
export type ZipEntry = ArchiveEntry & { stream: AsyncIterable<Uint8Array> };

/** How much is read of the directory at once. */
const WINDOW_BYTES = 16 * 1024;

/** Values of PKWARE's APPNOTE 6.3.10, sections 4.3.12, 4.4.4 and 4.4.5. */
const DIRECTORY_SIGNATURE = 0x02014b50;
const FLAG_ENCRYPTED = 0x1;
const FLAG_UTF8 = 0x800;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const METHOD_DEFLATE64 = 9;

/** The file type in a Unix mode (inode(7)). Zips made elsewhere have none, and are plain files. */
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

/**
 * Reads the directory of a zip (zip64 too), in constant memory. Contents are checked against their sizes and CRC-32.
 * Throws `bad_archive` for what cannot be taken, and the decoder's error when the archive is damaged.
 */
export async function* readZip(source: FileSource, maxEntries: number): AsyncGenerator<ZipEntry> {
  const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
    autoClose: false,
    decodeStrings: false,
  });
  if (zip.entryCount > maxEntries) throw tooManyEntries(maxEntries);
  for await (const entry of zip.eachEntry()) {
    const name = entryName(entry);
    const type = typeOf(entry, name);
    if (type === "file") assertReadable(entry, name);
    yield { name, type, size: entry.uncompressedSize, stream: readEntry(zip, source, entry, name) };
  }
  await assertDirectoryEnds(source, Number(zip.readEntryCursor));
}

async function* readEntry(zip: ZipFile, source: FileSource, entry: Entry, name: string): AsyncGenerator<Uint8Array> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const stored = source.stream({ offset: fileDataStart, size: entry.compressedSize });
  const content = entry.compressionMethod === METHOD_STORED ? stored : decompress(stored, "deflate");
  let size = 0;
  let crc = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > entry.uncompressedSize) break;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.uncompressedSize) throw badEntry(name, "has another size than it says");
  if (crc !== entry.crc32) throw badEntry(name, "is damaged: its checksum does not match");
}

function assertReadable(entry: Entry, name: string): void {
  if (entry.generalPurposeBitFlag & FLAG_ENCRYPTED)
    throw badEntry(name, "is encrypted; make the zip without a password");
  if (entry.compressionMethod === METHOD_STORED || entry.compressionMethod === METHOD_DEFLATED) return;
  if (entry.compressionMethod === METHOD_DEFLATE64)
    throw badEntry(name, "is compressed with Deflate64, as Windows does above 2 GB; make the zip with another program");
  throw badEntry(name, "is compressed by another method than Deflate; make the zip with the usual one");
}

/** macOS writes UTF-8 without saying so; what is valid UTF-8 by chance is hardly ever something else. */
function entryName(entry: Entry): string {
  const raw = entry.fileNameRaw;
  const flags = isUtf8(raw) ? entry.generalPurposeBitFlag | FLAG_UTF8 : entry.generalPurposeBitFlag;
  return getFileNameLowLevel(flags, raw, entry.extraFields, false);
}

function typeOf(entry: Entry, name: string): ArchiveEntry["type"] {
  const type = (entry.externalFileAttributes >>> 16) & S_IFMT;
  if (type !== 0 && type !== S_IFREG && type !== S_IFDIR) return "other";
  return name.endsWith("/") ? "folder" : "file";
}

/** A zip of more than 65,535 files without zip64 says a wrong number of them; the rest would be lost without a word. */
async function assertDirectoryEnds(source: FileSource, position: number): Promise<void> {
  const next = Buffer.from(await source.read(position, 4));
  if (next.byteLength === 4 && next.readUInt32LE() === DIRECTORY_SIGNATURE)
    throw new Error("the directory holds more files than it says");
}

/**
 * Reads for yauzl through a window, since it asks for a few bytes at a time. Positions come from the archive and may be
 * anything; yauzl's own reader hands them to `fs.read`, which throws where nobody can catch it above 2^53.
 */
class SourceReader extends RandomAccessReader {
  readonly #source: FileSource;
  #window: Uint8Array = new Uint8Array();
  #windowStart = 0;

  constructor(source: FileSource) {
    super();
    this.#source = source;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytesAt(position, length).then(
      (bytes) => {
        target.set(bytes, offset);
        callback(bytes.byteLength < length ? new Error("unexpected end") : null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #bytesAt(position: number, length: number): Promise<Uint8Array> {
    const isInside = position >= this.#windowStart && position + length <= this.#windowStart + this.#window.byteLength;
    if (!isInside) {
      this.#window = await this.#source.read(position, Math.max(length, WINDOW_BYTES));
      this.#windowStart = position;
    }
    const start = position - this.#windowStart;
    return this.#window.subarray(start, start + length);
  }
}
