/** How many frames of a video are compared, pixel by pixel, with what it was made of. */
const SAMPLES = 5;

/** Numbers of the frames that are looked at, spread evenly, with the first and the last. */
export function sampleFrames(frames: number): number[] {
  if (frames <= SAMPLES) return Array.from({ length: frames }, (_, frame) => frame);
  return Array.from({ length: SAMPLES }, (_, sample) => Math.round((sample * (frames - 1)) / (SAMPLES - 1)));
}
