// Constants of the perceptual quantizer (SMPTE ST 2084; ITU-R BT.2100-2, table 4).
const M1 = 2610 / 16384;
const M2 = (2523 / 4096) * 128;
const C1 = 3424 / 4096;
const C2 = (2413 / 4096) * 32;
const C3 = (2392 / 4096) * 32;

/** The luminance of a PQ signal of 1, in cd/m². */
export const PQ_PEAK_NITS = 10_000;

/** The electro-optical transfer function of PQ: the luminance in cd/m² of a signal from 0 to 1. */
export function nitsFromPq(signal: number): number {
  const power = signal ** (1 / M2);
  return PQ_PEAK_NITS * (Math.max(power - C1, 0) / (C2 - C3 * power)) ** (1 / M1);
}
