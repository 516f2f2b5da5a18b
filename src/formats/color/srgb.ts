/** The signal, from 0 to 1, of light from 0 to 1 (IEC 61966-2-1). */
export function srgbFromLight(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}
