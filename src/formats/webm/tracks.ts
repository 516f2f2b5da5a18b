import type { ByteSource } from "../exr/byte-source.ts";
import { elementsIn, readText, readUnsigned, type WebmElement } from "./elements.ts";
import * as ids from "./ids.ts";

/** What the element Colour says; null for what it leaves open. */
export type WebmColor = {
  matrix: number | null;
  bits: number | null;
  range: number | null;
  transfer: number | null;
  primaries: number | null;
};

export type WebmTrack = {
  number: number;
  isVideo: boolean;
  codec: string;
  width: number;
  height: number;
  alphaMode: number;
  defaultDurationNs: number | null;
  color: WebmColor;
};

const TRACK_TYPE_VIDEO = 1;

const COLOR_FIELDS = new Map<number, keyof WebmColor>([
  [ids.MATRIX_COEFFICIENTS, "matrix"],
  [ids.BITS_PER_CHANNEL, "bits"],
  [ids.RANGE, "range"],
  [ids.TRANSFER_CHARACTERISTICS, "transfer"],
  [ids.PRIMARIES, "primaries"],
]);

/** Reads the element Tracks. */
export async function readTracks(source: ByteSource, element: WebmElement): Promise<WebmTrack[]> {
  const tracks: WebmTrack[] = [];
  for await (const entry of elementsIn(source, element))
    if (entry.id === ids.TRACK_ENTRY) tracks.push(await readTrack(source, entry));
  return tracks;
}

async function readTrack(source: ByteSource, entry: WebmElement): Promise<WebmTrack> {
  const track: WebmTrack = {
    number: 0,
    isVideo: false,
    codec: "",
    width: 0,
    height: 0,
    alphaMode: 0,
    defaultDurationNs: null,
    color: { matrix: null, bits: null, range: null, transfer: null, primaries: null },
  };
  for await (const element of elementsIn(source, entry)) {
    if (element.id === ids.TRACK_NUMBER) track.number = await readUnsigned(source, element);
    if (element.id === ids.TRACK_TYPE) track.isVideo = (await readUnsigned(source, element)) === TRACK_TYPE_VIDEO;
    if (element.id === ids.CODEC_ID) track.codec = await readText(source, element);
    if (element.id === ids.DEFAULT_DURATION) track.defaultDurationNs = await readUnsigned(source, element);
    if (element.id === ids.VIDEO) await readVideo(source, element, track);
  }
  return track;
}

async function readVideo(source: ByteSource, video: WebmElement, track: WebmTrack): Promise<void> {
  for await (const element of elementsIn(source, video)) {
    if (element.id === ids.PIXEL_WIDTH) track.width = await readUnsigned(source, element);
    if (element.id === ids.PIXEL_HEIGHT) track.height = await readUnsigned(source, element);
    if (element.id === ids.ALPHA_MODE) track.alphaMode = await readUnsigned(source, element);
    if (element.id === ids.COLOUR) await readColor(source, element, track.color);
  }
}

async function readColor(source: ByteSource, color: WebmElement, into: WebmColor): Promise<void> {
  for await (const element of elementsIn(source, color)) {
    const field = COLOR_FIELDS.get(element.id);
    if (field) into[field] = await readUnsigned(source, element);
  }
}
