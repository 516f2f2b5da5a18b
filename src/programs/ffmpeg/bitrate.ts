import type { FrameRate } from "#formats/frame-rate.ts";
import type { PictureSize } from "./encoding.ts";

/**
 * Bits a pixel at 30 frames a second. With these 1080p24 gets 10.5, 7.4 and 5.8 Mbit/s, which for H.264 is near what YouTube asks for HDR;
 * alpha is smooth, and takes little.
 */
export const BITS_PER_PIXEL = { h264: 0.2, vp9: 0.14, vp9Alpha: 0.04, av1: 0.11, av1Alpha: 0.03 } as const;

/** A small picture has a bit rate with which nobody sees that it was compressed. */
const LEAST_KILOBITS = 1000;

/** The more frames a second, the less differs from one to the next: the bit rate grows slower than they do. */
const RATE_POWER = 0.75;
const REFERENCE_RATE = 30;

/** The bit rate for a picture, in kilobits a second. */
export function kilobitsPerSecond(
  kind: keyof typeof BITS_PER_PIXEL,
  { width, height }: PictureSize,
  { numerator, denominator }: FrameRate,
): number {
  const rate = numerator / denominator / REFERENCE_RATE;
  const bits = BITS_PER_PIXEL[kind] * width * height * REFERENCE_RATE * rate ** RATE_POWER;
  return Math.max(LEAST_KILOBITS, Math.round(bits / 1000));
}
