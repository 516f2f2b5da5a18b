import { cube } from "./cube.ts";
import { DIFFUSE_WHITE_LIGHT, hlgFromLight } from "./hlg.ts";
import { nitsFromPq } from "./pq.ts";
import { toneCurve } from "./tone-curve.ts";

/** The luminance to which FFmpeg is told to set a linear 1.0 when it makes the PQ that goes into the table (ITU-R BT.2408-7, diffuse white). */
export const DIFFUSE_WHITE_NITS = 203;

/** With so many, and straight lines between them, the result is exact to 0.54 of a code of ten bits. */
const ENTRIES = 4096;

/** The HLG signal of linear light, where 1.0 is diffuse white. */
export function hlgSignal(light: number): number {
  return hlgFromLight(toneCurve(light) * DIFFUSE_WHITE_LIGHT);
}

/**
 * The table, in the format .cube, that turns PQ into scene-referred HLG. FFmpeg's own HLG is display-referred, and it has no other; PQ only
 * serves to spread the light evenly over the table.
 */
export function hlgLut(): string {
  return cube("PQ to HLG", ENTRIES, (signal) => hlgSignal(nitsFromPq(signal) / DIFFUSE_WHITE_NITS));
}
