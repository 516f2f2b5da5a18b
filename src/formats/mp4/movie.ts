import type { ByteSource } from "../exr/byte-source.ts";
import { type Box, type Container, findBox, parseBoxes, payloadOf } from "./boxes.ts";
import { type TopLevelBox, topLevelBoxes } from "./top-level.ts";

/** An index of ten hours takes less than 20 MB. */
const MAX_INDEX_BYTES = 512 * 2 ** 20;

/** A file as its top-level boxes, and its index, which is all that is read into memory. */
export type Movie = { boxes: TopLevelBox[]; place: TopLevelBox; index: Container };

/** Reads the index of an MP4 or of an AVIF with several pictures; null for an AVIF with one. Throws an Error for anything else. */
export async function readMovie(source: ByteSource): Promise<Movie | null> {
  const boxes = await topLevelBoxes(source);
  if (boxes.some(({ type }) => type === "moof")) throw new Error("This MP4 is in fragments, which are not read here.");
  const place = boxes.find(({ type }) => type === "moov");
  if (!place) return null;
  const [index] = parseBoxes(await readWhole(source, place)).filter((box) => "children" in box);
  if (!index) throw new Error("The MP4 is damaged: it has no index.");
  return { boxes, place, index };
}

/** The bytes of a top-level box that is to be held in memory. */
export async function readWhole(source: ByteSource, { offset, size }: TopLevelBox): Promise<Uint8Array> {
  if (size > MAX_INDEX_BYTES) throw new Error("The MP4's index is larger than any real one.");
  return source.read(offset, size);
}

/** The tracks of an index, in their order. */
export function tracksOf(index: Container): Container[] {
  return index.children.filter((box): box is Container => box.type === "trak" && "children" in box);
}

/** What a track holds: `vide` a video, `auxv` something that belongs to one, `pict` the pictures of an AVIF, `soun` sound. */
export function handlerOf(track: Container): string {
  const handler = payloadOf(track, "mdia", "hdlr");
  return String.fromCharCode(...[8, 9, 10, 11].map((at) => handler.getUint8(at)));
}

/** The number of a track; a header of version 1 has longer times before it. */
export function trackIdOf(track: Container): number {
  const header = payloadOf(track, "tkhd");
  return header.getUint32(header.getUint8(0) === 1 ? 20 : 12);
}

/** Boxes with the tables of a track. */
export function sampleTable(track: Container): Box[] {
  const table = findBox(track, "mdia", "minf", "stbl");
  if (!table || !("children" in table)) throw new Error("The MP4 is damaged: a track has no sample table.");
  return table.children;
}
