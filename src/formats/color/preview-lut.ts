import { cube } from "./cube.ts";
import { DIFFUSE_WHITE_NITS } from "./hlg-lut.ts";
import { nitsFromPq } from "./pq.ts";
import { shoulder } from "./shoulder.ts";
import { srgbFromLight } from "./srgb.ts";
import { PEAK_LIGHT } from "./tone-curve.ts";

/** Up to here a preview shows light as Blender's Standard view does. */
const KNEE = 0.8;

/** Enough for eight bits. */
const ENTRIES = 1024;

const rollOff = shoulder(KNEE, PEAK_LIGHT, 1);

/** The sRGB signal of linear light as a preview shows it: with highlights that fade into white, where a screen without HDR would cut them off. */
export function previewSignal(light: number): number {
  return srgbFromLight(Math.min(1, rollOff(light)));
}

/** The table, in the format .cube, that turns PQ, which spreads the light evenly over it, into the colours of a preview. */
export function previewLut(): string {
  return cube("PQ to sRGB", ENTRIES, (signal) => previewSignal(nitsFromPq(signal) / DIFFUSE_WHITE_NITS));
}
