import { hlgSignal } from "./hlg-lut.ts";

/** The largest code of ten bits; at full range it is the signal 1. */
export const MAX_CODE = 1023;

/** The code of no colour. */
export const NEUTRAL_CODE = 512;

/** The share of red, green and blue in luma, and the widest differences of colour (ITU-R BT.2020-2, table 4; non-constant luminance). */
const [KR, KG, KB] = [0.2627, 0.678, 0.0593];
const [BLUE_SPAN, RED_SPAN] = [2 * (1 - KB), 2 * (1 - KR)];

export type VideoCodes = { y: number; cb: number; cr: number };

/**
 * The codes, not rounded, that a pixel must have in a video: linear light of BT.709 primaries, as Blender writes it (straight, exposure
 * applied), becomes HLG of BT.2020 at full range with ten bits (ITU-R BT.2087-0 for the primaries, BT.2100-2, tables 6 and 9, for the codes).
 */
export function videoCodes(red: number, green: number, blue: number): VideoCodes {
  const r = hlgSignal(0.627403895934699 * red + 0.329283038377884 * green + 0.043313065687417 * blue);
  const g = hlgSignal(0.069097289358232 * red + 0.919540395075459 * green + 0.011362315566309 * blue);
  const b = hlgSignal(0.01639143887515 * red + 0.088013307877226 * green + 0.895595253247624 * blue);
  const luma = KR * r + KG * g + KB * b;
  return {
    y: MAX_CODE * luma,
    cb: NEUTRAL_CODE + (MAX_CODE * (b - luma)) / BLUE_SPAN,
    cr: NEUTRAL_CODE + (MAX_CODE * (r - luma)) / RED_SPAN,
  };
}
