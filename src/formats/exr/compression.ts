/** The compressions by their number in the file, and how many scan lines each puts into one chunk (OpenEXR, ImfCompression.h). */
const COMPRESSIONS = [
  { name: "none", linesPerChunk: 1 },
  { name: "rle", linesPerChunk: 1 },
  { name: "zips", linesPerChunk: 1 },
  { name: "zip", linesPerChunk: 16 },
  { name: "piz", linesPerChunk: 32 },
  { name: "pxr24", linesPerChunk: 16 },
  { name: "b44", linesPerChunk: 32 },
  { name: "b44a", linesPerChunk: 32 },
  { name: "dwaa", linesPerChunk: 32 },
  { name: "dwab", linesPerChunk: 256 },
  { name: "htj2k256", linesPerChunk: 256 },
  { name: "htj2k32", linesPerChunk: 32 },
] as const;

export type ExrCompression = (typeof COMPRESSIONS)[number]["name"];

/** The compression of a number; null for one that came after this list. */
export function compressionOf(number: number): ExrCompression | null {
  return COMPRESSIONS[number]?.name ?? null;
}

/** The scan lines in one chunk; the last chunk of a picture may have fewer. */
export function linesPerChunk(compression: ExrCompression): number {
  return COMPRESSIONS.find(({ name }) => name === compression)!.linesPerChunk;
}
