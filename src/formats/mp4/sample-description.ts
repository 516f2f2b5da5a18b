import type { CodePoints } from "../color/code-points.ts";
import { ALPHA_TYPE } from "./alpha-track.ts";

/** What the first sample description of a track says; null for what it leaves open. */
export type SampleDescription = {
  /** As in `avc1`, `av01`, `mp4a`. */
  codec: string;
  color: (CodePoints & { isFullRange: boolean }) | null;
  /** From `av1C` (AV1 in ISO Base Media File Format, 2.3.3). */
  av1: { bitDepth: 8 | 10 | 12; isMonochrome: boolean } | null;
  /** `profile_idc` from `avcC` (ISO/IEC 14496-15): 110 is High 10. */
  avcProfile: number | null;
  isAlpha: boolean;
};

const DESCRIPTIONS_AT = 8;
const BOX_HEAD_BYTES = 8;
/** Fields of a description of pictures before the boxes in it. */
const VISUAL_HEAD_BYTES = 78;
const PICTURE_CODECS = new Set(["avc1", "avc3", "av01", "hvc1", "hev1", "vp09"]);

/** Reads the payload of `stsd`. */
export function readSampleDescription(stsd: DataView): SampleDescription {
  const bytes = Buffer.from(stsd.buffer, stsd.byteOffset, stsd.byteLength);
  const codec = bytes.toString("latin1", DESCRIPTIONS_AT + 4, DESCRIPTIONS_AT + BOX_HEAD_BYTES);
  const description: SampleDescription = { codec, color: null, av1: null, avcProfile: null, isAlpha: false };
  if (!PICTURE_CODECS.has(codec)) return description;
  const end = Math.min(bytes.byteLength, DESCRIPTIONS_AT + bytes.readUInt32BE(DESCRIPTIONS_AT));
  for (let at = DESCRIPTIONS_AT + BOX_HEAD_BYTES + VISUAL_HEAD_BYTES; at + BOX_HEAD_BYTES <= end;) {
    const size = bytes.readUInt32BE(at);
    if (size < BOX_HEAD_BYTES || at + size > end) throw new Error("The MP4 is damaged: a box does not fit.");
    const type = bytes.toString("latin1", at + 4, at + BOX_HEAD_BYTES);
    readExtension(type, bytes.subarray(at + BOX_HEAD_BYTES, at + size), description);
    at += size;
  }
  return description;
}

function readExtension(type: string, payload: Buffer, into: SampleDescription): void {
  if (type === "colr" && payload.toString("latin1", 0, 4) === "nclx") {
    into.color = {
      primaries: payload.readUInt16BE(4),
      transfer: payload.readUInt16BE(6),
      matrix: payload.readUInt16BE(8),
      isFullRange: payload.readUInt8(10) >> 7 === 1,
    };
  }
  if (type === "av1C") {
    const flags = payload.readUInt8(2);
    const isHigh = (flags & 0x40) !== 0;
    const isTwelve = (flags & 0x20) !== 0;
    into.av1 = { bitDepth: isHigh ? (isTwelve ? 12 : 10) : 8, isMonochrome: (flags & 0x10) !== 0 };
  }
  if (type === "avcC") into.avcProfile = payload.readUInt8(1);
  if (type === "auxi") into.isAlpha = payload.toString("latin1", 4).startsWith(`${ALPHA_TYPE}\0`);
}
