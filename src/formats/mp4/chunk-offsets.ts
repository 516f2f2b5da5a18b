import type { Box, Container } from "./boxes.ts";
import { sampleTable, tracksOf } from "./movie.ts";

/** How a place in the file changes when boxes before it grow. */
export type Shift = (offset: number) => number;

const COUNT_AT = 4;
const ENTRIES_AT = 8;
const MAX_UINT32 = 2 ** 32 - 1;

/**
 * Moves the places of all chunks of an index. A table of 32 bits in which one no longer fits becomes one of 64 bits, by which the index
 * grows again: then it has to be called once more on the index as it was, with what has to be moved now.
 */
export function shiftChunks(index: Container, shift: Shift): Container {
  return mapTables(index, (box) => {
    const offsets = chunkOffsets(box);
    return offsets ? offsetTable(box, offsets.map(shift)) : box;
  });
}

/** The places of the chunks in a table of either kind; null for another box. */
export function chunkOffsets(box: Box): number[] | null {
  if ("children" in box || (box.type !== "stco" && box.type !== "co64")) return null;
  const view = new DataView(box.payload.buffer, box.payload.byteOffset, box.payload.byteLength);
  return Array.from({ length: view.getUint32(COUNT_AT) }, (_, entry) =>
    box.type === "stco" ? view.getUint32(ENTRIES_AT + 4 * entry) : Number(view.getBigUint64(ENTRIES_AT + 8 * entry)),
  );
}

/** A table is never made narrower than it was. */
function offsetTable(was: Box, offsets: readonly number[]): Box {
  const isWide = was.type === "co64" || offsets.some((offset) => offset > MAX_UINT32);
  const payload = Buffer.alloc(ENTRIES_AT + (isWide ? 8 : 4) * offsets.length);
  payload.writeUInt32BE(offsets.length, COUNT_AT);
  for (const [entry, offset] of offsets.entries())
    if (isWide) payload.writeBigUInt64BE(BigInt(offset), ENTRIES_AT + 8 * entry);
    else payload.writeUInt32BE(offset, ENTRIES_AT + 4 * entry);
  return { type: isWide ? "co64" : "stco", payload };
}

/** A copy of an index in which the boxes of all sample tables are what `change` makes of them. */
function mapTables(index: Container, change: (box: Box) => Box): Container {
  const tables = new Set(tracksOf(index).map(sampleTable));
  const copy = (box: Box): Box => {
    if (!("children" in box)) return box;
    return { type: box.type, children: box.children.map(tables.has(box.children) ? change : copy) };
  };
  return { type: index.type, children: index.children.map(copy) };
}
