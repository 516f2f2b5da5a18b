import type { ByteSource } from "../exr/byte-source.ts";
import { type Container, findBox, payloadOf } from "./boxes.ts";
import { handlerOf, readMovie, trackIdOf, tracksOf } from "./movie.ts";
import { readSampleDescription, type SampleDescription } from "./sample-description.ts";
import { countSamples } from "./samples.ts";

export type Mp4Track = SampleDescription & {
  id: number;
  /** `vide` a video, `auxv` something that belongs to one, `pict` the pictures of an AVIF, `soun` sound. */
  handler: string;
  samples: number;
  /** As the samples last, before any editing. */
  durationSeconds: number;
  /** The part of it that is shown: from where, and for how long. Null when all of it is, from its start. */
  edit: { startSeconds: number; durationSeconds: number } | null;
  /** Tracks of which this is an auxiliary one. */
  auxiliaryOf: number[];
};

/** What an MP4 or AVIF says of its tracks; none for an AVIF with one picture. Throws an Error for anything else. */
export async function readMp4(source: ByteSource): Promise<Mp4Track[]> {
  const movie = await readMovie(source);
  if (!movie) return [];
  const movieHead = payloadOf(movie.index, "mvhd");
  const ticksPerSecond = movieHead.getUint32(movieHead.getUint8(0) === 1 ? 20 : 12);
  return tracksOf(movie.index).map((track) => readTrack(track, ticksPerSecond));
}

function readTrack(track: Container, movieTicksPerSecond: number): Mp4Track {
  const media = payloadOf(track, "mdia", "mdhd");
  const isLong = media.getUint8(0) === 1;
  const ticksPerSecond = media.getUint32(isLong ? 20 : 12);
  const ticks = isLong ? Number(media.getBigUint64(24)) : media.getUint32(16);
  return {
    ...readSampleDescription(payloadOf(track, "mdia", "minf", "stbl", "stsd")),
    id: trackIdOf(track),
    handler: handlerOf(track),
    samples: countSamples(track),
    durationSeconds: ticks / ticksPerSecond,
    edit: readEdit(track, movieTicksPerSecond, ticksPerSecond),
    auxiliaryOf: readReferences(track),
  };
}

/** Empty edits, which only delay a track, count for nothing here: FFmpeg writes none at the start of a video. */
const EMPTY_EDIT = -1;

function readEdit(track: Container, movieTicksPerSecond: number, ticksPerSecond: number): Mp4Track["edit"] {
  if (!findBox(track, "edts", "elst")) return null;
  const list = payloadOf(track, "edts", "elst");
  const isLong = list.getUint8(0) === 1;
  const count = list.getUint32(4);
  for (let entry = 0; entry < count; entry++) {
    const at = 8 + entry * (isLong ? 20 : 12);
    const duration = isLong ? Number(list.getBigUint64(at)) : list.getUint32(at);
    const start = isLong ? Number(list.getBigInt64(at + 8)) : list.getInt32(at + 4);
    if (start === EMPTY_EDIT) continue;
    return { startSeconds: start / ticksPerSecond, durationSeconds: duration / movieTicksPerSecond };
  }
  return null;
}

function readReferences(track: Container): number[] {
  if (!findBox(track, "tref", "auxl")) return [];
  const ids = payloadOf(track, "tref", "auxl");
  return Array.from({ length: ids.byteLength / 4 }, (_, at) => ids.getUint32(4 * at));
}
