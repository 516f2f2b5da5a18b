import { DIFFUSE_WHITE_LIGHT } from "./hlg.ts";
import { shoulder } from "./shoulder.ts";

/** Light, as a multiple of diffuse white, that comes out as the full signal. */
export const PEAK_LIGHT = 12;

/** The brightest that HLG can say, as a multiple of diffuse white: 3.7741. */
const TOP = 1 / DIFFUSE_WHITE_LIGHT;

/**
 * Makes room for highlights. Light up to diffuse white stays as it is; 12 times as much is the brightest there is. Without it all light above
 * 3.77 would be cut off.
 */
export const toneCurve = shoulder(1, PEAK_LIGHT, TOP);
