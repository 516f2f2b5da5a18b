// Constants of hybrid log-gamma (ITU-R BT.2100-2, table 5).
const A = 0.17883277;
const B = 1 - 4 * A;
const C = 0.5 - A * Math.log(4 * A);

/** The opto-electronic transfer function of hybrid log-gamma: scene light from 0 to 1 becomes a signal from 0 to 1; what is outside is cut off. */
export function hlgFromLight(light: number): number {
  const clipped = Math.min(Math.max(light, 0), 1);
  return clipped <= 1 / 12 ? Math.sqrt(3 * clipped) : A * Math.log(12 * clipped - B) + C;
}

/** The inverse: the scene light of a signal. */
export function lightFromHlg(signal: number): number {
  return signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - C) / A) + B) / 12;
}

/** Where diffuse white lies in the signal, and so the 18 % grey card at 38 % (ITU-R BT.2408-7, table 1). */
const DIFFUSE_WHITE_SIGNAL = 0.75;

/** The scene light, on the scale of HLG, of a linear 1.0 in a picture: 0.26496. */
export const DIFFUSE_WHITE_LIGHT = lightFromHlg(DIFFUSE_WHITE_SIGNAL);
