import type { ByteSource } from "../exr/byte-source.ts";
import { withAlphaTrack } from "./alpha-track.ts";
import { boxBytes, type Container } from "./boxes.ts";
import { shiftChunks } from "./chunk-offsets.ts";
import { shiftItems } from "./item-locations.ts";
import { readMovie, readWhole } from "./movie.ts";
import type { TopLevelBox } from "./top-level.ts";

const COPY_BYTES = 1024 * 1024;

/**
 * Marks the second picture track of an MP4 or AVIF as the alpha of the first (see alpha-track.ts), and yields the bytes of the new file.
 * No program writes that: FFmpeg leaves all of it out of an MP4, and before 6 a part of it out of an AVIF. Only the index is held in memory.
 * An AVIF of one picture has no tracks and comes out as it is. Throws an Error for what is neither, or has not two such tracks.
 */
export async function* markAlpha(source: ByteSource): AsyncGenerator<Uint8Array, undefined> {
  const movie = await readMovie(source);
  if (!movie) return yield* copy(source, { offset: 0, size: source.size });
  const { boxes, place } = movie;
  const marked = withAlphaTrack(movie.index);
  const { bytes, grown } = settle(marked, place);
  const shift = shiftBehind(place, grown);
  for (const box of boxes) {
    if (box === place) yield bytes;
    else if (box.type === "meta") yield shiftItems(await readWhole(source, box), shift);
    else yield* copy(source, box);
  }
}

/** Moves the chunks by what the index has grown, until that no longer changes: wider tables let it grow again. */
function settle(index: Container, place: TopLevelBox): { bytes: Uint8Array; grown: number } {
  for (let bytes = boxBytes(index); ;) {
    const grown = bytes.byteLength - place.size;
    const moved = boxBytes(shiftChunks(index, shiftBehind(place, grown)));
    if (moved.byteLength === bytes.byteLength) return { bytes: moved, grown };
    bytes = moved;
  }
}

/** What lies before the index stays where it is. */
function shiftBehind(place: TopLevelBox, grown: number): (offset: number) => number {
  return (offset) => (offset > place.offset ? offset + grown : offset);
}

async function* copy(
  source: ByteSource,
  { offset, size }: { offset: number; size: number },
): AsyncGenerator<Uint8Array, undefined> {
  for (let done = 0; done < size;) {
    const bytes = await source.read(offset + done, Math.min(COPY_BYTES, size - done));
    if (bytes.byteLength === 0) throw new Error("The MP4 became shorter while it was read.");
    yield bytes;
    done += bytes.byteLength;
  }
}
