import type { ByteSource } from "./byte-source.ts";
import { type ChunkPlace, chunkPlaces, countChunks } from "./chunk-places.ts";
import { Cursor } from "./cursor.ts";
import { damaged, truncated } from "./error.ts";
import type { ExrHeader } from "./header.ts";
import type { ExrPart } from "./part.ts";

/** A chunk of pixels that lies whole in the file. `dataOffset` is behind its own small header. */
export type ExrChunk = { part: ExrPart; coordinates: number[]; dataOffset: number; dataBytes: number };

const TABLE_ENTRY_BYTES = 8;

/** How much of an offset table is read at once. */
const TABLE_READ_BYTES = 64 * 1024;

/**
 * Walks through the chunk offset tables of all parts (OpenEXR File Layout, "Chunk Offset Table", "Chunk Layout") and
 * reads the small header of each chunk. Throws `ExrError` as soon as one is missing, leads out of the file or into the
 * header, says that it belongs elsewhere, or has a size that it cannot have. Needs constant memory, whatever the header says.
 */
export async function* readChunks(source: ByteSource, header: ExrHeader): AsyncGenerator<ExrChunk> {
  const counts = header.parts.map(countChunks);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const dataStart = header.endOffset + total * TABLE_ENTRY_BYTES;
  if (dataStart > source.size) throw truncated(`its table of ${total} chunks breaks off`);
  const offsets = readOffsets(source, header.endOffset, total);
  let room = source.size - dataStart;
  for (const [partNumber, part] of header.parts.entries()) {
    for (const place of chunkPlaces(part)) {
      const offset = (await offsets.next()).value!;
      if (offset === 0) throw truncated(`${nameOf(place)} was never written`);
      if (offset < dataStart) throw damaged(`${nameOf(place)} lies inside its header`);
      const prefix = header.isMultiPart ? [partNumber] : [];
      const chunk = await readChunkHeader(source, offset, part, {
        ...place,
        coordinates: [...prefix, ...place.coordinates],
      });
      room -= chunk.dataOffset + chunk.dataBytes - offset;
      if (room < 0) throw damaged("its chunks overlap");
      yield { ...chunk, part, coordinates: place.coordinates };
    }
  }
}

async function* readOffsets(source: ByteSource, start: number, count: number): AsyncGenerator<number, undefined> {
  const end = start + count * TABLE_ENTRY_BYTES;
  for (let at = start; at < end; at += TABLE_READ_BYTES) {
    const length = Math.min(TABLE_READ_BYTES, end - at);
    const cursor = new Cursor(await readExactly(source, at, length, "its table of chunks"));
    while (cursor.position < length) yield cursor.uint64();
  }
}

async function readChunkHeader(
  source: ByteSource,
  offset: number,
  part: ExrPart,
  place: ChunkPlace,
): Promise<{ dataOffset: number; dataBytes: number }> {
  const isDeep = part.storage === "deepscanline" || part.storage === "deeptile";
  const headerBytes = place.coordinates.length * 4 + (isDeep ? 24 : 4);
  const cursor = new Cursor(await readExactly(source, offset, headerBytes, nameOf(place)));
  for (const coordinate of place.coordinates)
    if (cursor.int32() !== coordinate) throw damaged(`where ${nameOf(place)} should be is something else`);
  const dataBytes = isDeep ? cursor.uint64() + cursor.uint64() : cursor.int32();
  if (dataBytes <= 0 || (!isDeep && dataBytes > place.maxBytes))
    throw damaged(`${nameOf(place)} has an impossible size`);
  if (offset + headerBytes + dataBytes > source.size) throw truncated(`${nameOf(place)} breaks off`);
  return { dataOffset: offset + headerBytes, dataBytes };
}

async function readExactly(source: ByteSource, offset: number, length: number, what: string): Promise<Uint8Array> {
  const bytes = offset + length > source.size ? null : await source.read(offset, length);
  if (bytes?.byteLength !== length) throw truncated(`${what} breaks off`);
  return bytes;
}

function nameOf(place: ChunkPlace): string {
  return `the chunk at ${place.coordinates.join(", ")}`;
}
