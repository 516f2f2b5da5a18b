/** What the first bytes of a VP9 frame tell. Of colour only key frames speak. */
export type Vp9Frame = {
  profile: number;
  isKey: boolean;
  color: { bitDepth: 8 | 10 | 12; isFullRange: boolean } | null;
};

/** Enough for all that is read here. */
export const VP9_HEAD_BYTES = 8;

const FRAME_MARKER = 2;
const SYNC_CODE = 0x498342;
const COLOR_SPACE_RGB = 7;

/** Reads the start of the uncompressed header (VP9 Bitstream Specification 0.6, sections 6.2 and 7.2). Throws an Error for no VP9. */
export function readVp9Frame(bytes: Uint8Array): Vp9Frame {
  let position = 0;
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, position++)
      value = value * 2 + (((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1);
    return value;
  };
  if (bits(2) !== FRAME_MARKER) throw new Error("This is not a VP9 frame.");
  const profile = bits(1) + 2 * bits(1);
  if (profile === 3) bits(1);
  const showsExisting = bits(1) === 1;
  const isKey = !showsExisting && bits(1) === 0;
  if (!isKey) return { profile, isKey, color: null };
  bits(2); // whether it is shown, and whether it is resilient to errors
  if (bits(24) !== SYNC_CODE) throw new Error("This VP9 key frame is damaged.");
  const bitDepth = profile < 2 ? 8 : bits(1) === 1 ? 12 : 10;
  const isRgb = bits(3) === COLOR_SPACE_RGB;
  return { profile, isKey, color: { bitDepth, isFullRange: isRgb || bits(1) === 1 } };
}
