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
  const lines = Array.from({ length: ENTRIES }, (_, entry) => {
    const light = nitsFromPq(entry / (ENTRIES - 1)) / DIFFUSE_WHITE_NITS;
    const signal = hlgSignal(light).toFixed(7);
    return `${signal} ${signal} ${signal}\n`;
  });
  return `TITLE "PQ to HLG"\nLUT_1D_SIZE ${ENTRIES}\n${lines.join("")}`;
}
