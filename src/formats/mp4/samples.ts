import type { ByteSource } from "../exr/byte-source.ts";
import { windowed } from "../windowed-source.ts";
import { type Container, payloadOf } from "./boxes.ts";
import { chunkOffsets } from "./chunk-offsets.ts";
import { readMovie, sampleTable, trackIdOf, tracksOf } from "./movie.ts";

/** How many samples (frames, of a video) a track has. */
export function countSamples(track: Container): number {
  return payloadOf(track, "mdia", "minf", "stbl", "stsz").getUint32(8);
}

/**
 * The SHA-256 (hex) of all samples of a track in their order: two files that hold the same bit stream have the same, however they lay it
 * out. Throws an Error when there is no such track or the file is damaged.
 */
export async function sampleDigest(source: ByteSource, trackId: number): Promise<string> {
  const movie = await readMovie(source);
  const track = movie && tracksOf(movie.index).find((each) => trackIdOf(each) === trackId);
  if (!track) throw new Error(`The MP4 has no track ${trackId}.`);
  const reader = windowed(source);
  const hash = new Bun.CryptoHasher("sha256");
  for (const { offset, size } of samplesOf(track)) {
    const bytes = await reader.read(offset, size);
    if (bytes.byteLength !== size) throw new Error("The MP4 breaks off within a frame.");
    hash.update(bytes);
  }
  return hash.digest("hex");
}

/** Where the samples of a track lie: a run of chunks has as many samples in each, which lie one behind the other (ISO/IEC 14496-12, 8.7). */
function* samplesOf(track: Container): Generator<{ offset: number; size: number }> {
  const sizes = payloadOf(track, "mdia", "minf", "stbl", "stsz");
  const sameSize = sizes.getUint32(4);
  const count = sizes.getUint32(8);
  const runs = payloadOf(track, "mdia", "minf", "stbl", "stsc");
  const chunks =
    sampleTable(track)
      .map(chunkOffsets)
      .find((offsets) => offsets !== null) ?? [];
  let sample = 0;
  let run = 0;
  for (const [chunk, start] of chunks.entries()) {
    const runCount = runs.getUint32(4);
    while (run + 1 < runCount && runs.getUint32(8 + 12 * (run + 1)) <= chunk + 1) run += 1;
    const inChunk = runs.getUint32(8 + 12 * run + 4);
    let offset = start;
    for (let i = 0; i < inChunk && sample < count; i++, sample++) {
      const size = sameSize || sizes.getUint32(12 + 4 * sample);
      yield { offset, size };
      offset += size;
    }
  }
  if (sample !== count) throw new Error("The MP4 is damaged: its chunks do not hold all frames.");
}
