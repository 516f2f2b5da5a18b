import { DIFFUSE_WHITE_LIGHT } from "./hlg.ts";

/** Light, as a multiple of diffuse white, that comes out as the full signal. */
const PEAK = 12;

/** The brightest that HLG can say, as a multiple of diffuse white: 3.7741. */
const TOP = 1 / DIFFUSE_WHITE_LIGHT;

/** How slowly light above diffuse white rises: 1.193788, with which `PEAK` comes out as `TOP`. */
const SHOULDER = findShoulder();

/**
 * Makes room for highlights. Light up to diffuse white stays as it is; above, it rises as a logarithm, with the same slope where
 * they meet, so that 12 times diffuse white is the brightest there is. Without it all light above 3.77 would be cut off.
 */
export function toneCurve(light: number): number {
  return light <= 1 ? light : shoulder(light, SHOULDER);
}

function shoulder(light: number, softness: number): number {
  return 1 + softness * Math.log1p((light - 1) / softness);
}

/** Halves an interval in which the softness lies until doubles cannot tell its ends apart. */
function findShoulder(): number {
  let [low, high] = [0.1, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shoulder(PEAK, middle) > TOP) high = middle;
    else low = middle;
  }
  return low;
}
