import { Readable } from "node:stream";
import { extract, type ExtractEvents } from "tar-stream";
import type { ArchiveEntry } from "./archive-guard.ts";

type Source = ExtractEvents["entry"][1];

/** An entry of a tar. Its stream must be read to the end, or not at all, before the next entry is asked for. */
export type TarEntry = ArchiveEntry & { stream: AsyncIterable<Uint8Array> };

/** The unit of a tar; headers take one block, contents whole ones (POSIX pax, "ustar Interchange Format"). */
export const TAR_BLOCK_BYTES = 512;

/** Reads the entries of a tar (ustar, pax, GNU) from a stream, in constant memory. Throws the decoder's error when it is damaged. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const archive = extract();
  const entries = archive[Symbol.asyncIterator]();
  const source = Readable.from(untilEndMark(chunks), { objectMode: false });
  source.on("error", (error) => archive.destroy(error));
  archive.on("close", () => source.destroy());
  source.pipe(archive);
  for await (const entry of { [Symbol.asyncIterator]: () => entries }) {
    yield describe(entry);
    entry.resume(); // passes over what the consumer did not want
  }
}

/** Says whether a block is the header of a tar entry: the one thing that all tar formats share is its checksum. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.byteLength < TAR_BLOCK_BYTES || isZero(block.subarray(0, 1))) return false;
  const header = Buffer.from(block.buffer, block.byteOffset, TAR_BLOCK_BYTES);
  const field = header.subarray(148, 156); // counted as eight spaces
  let sum = 8 * 0x20;
  for (let at = 0; at < TAR_BLOCK_BYTES; at++) if (at < 148 || at >= 156) sum += header[at]!;
  return parseInt(field.toString("latin1").replaceAll("\0", " ").trim(), 8) === sum;
}

function describe(entry: Source): TarEntry {
  const { name, size } = entry.header;
  return { name, type: typeOf(entry.header), size, stream: entry as AsyncIterable<Uint8Array> };
}

/** A sparse file of GNU tar would come out as its pieces without the gaps, so it counts as no file at all. */
function typeOf(header: Source["header"]): ArchiveEntry["type"] {
  if (header.type === "directory") return "folder";
  const isSparse = Object.keys(header.pax ?? {}).some((key) => key.startsWith("GNU.sparse."));
  return (header.type === "file" || header.type === "contiguous-file") && !isSparse ? "file" : "other";
}

/** A tar ends in blocks of zeros. One that does not was cut off, which between two entries nothing else would tell. */
async function* untilEndMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let tail: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    tail = chunk.byteLength < TAR_BLOCK_BYTES ? Buffer.concat([tail, chunk]) : chunk;
    tail = tail.slice(-TAR_BLOCK_BYTES);
    yield chunk;
  }
  if (tail.byteLength < TAR_BLOCK_BYTES || !isZero(tail)) throw new Error("the tar has no end mark");
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
