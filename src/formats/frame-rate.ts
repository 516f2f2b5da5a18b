/** Frames a second, as a fraction: 23.976 is 24000/1001. */
export type FrameRate = { numerator: number; denominator: number };

/** FFmpeg takes no larger numbers in a rate (libavutil/parseutils.c, av_parse_video_rate). */
const MAX_PART = 1_001_000;

/** A single-precision number, as Blender keeps the base, has so many digits. */
const FLOAT_DIGITS = 7;

/**
 * The exact rate of a scene: `fps` divided by `fpsBase`, in lowest terms. The base is read as the decimal number that its owner typed:
 * Blender's 1.001 is 1.00100004673 in memory. Throws a RangeError for what is no rate.
 */
export function frameRate(fps: number, fpsBase: number): FrameRate {
  const [a, b] = [decimal(fps), decimal(fpsBase)];
  const rate = reduced(a.numerator * b.denominator, a.denominator * b.numerator);
  if (rate.numerator <= MAX_PART && rate.denominator <= MAX_PART) return rate;
  return nearest(rate.numerator / rate.denominator);
}

/** When a frame is shown. Each is rounded for itself, so that nothing adds up over hours. */
export function frameTimeMs(frame: number, { numerator, denominator }: FrameRate): number {
  return Math.round((frame * 1000 * denominator) / numerator);
}

function decimal(value: number): FrameRate {
  if (!(value > 0) || !Number.isFinite(value)) throw new RangeError(`${value} is no frame rate`);
  const [digits = "", exponent = "0"] = value.toExponential(FLOAT_DIGITS - 1).split("e");
  const power = FLOAT_DIGITS - 1 - Number(exponent);
  const number = Number(digits.replace(".", ""));
  return power >= 0 ? reduced(number, 10 ** power) : reduced(number * 10 ** -power, 1);
}

function reduced(numerator: number, denominator: number): FrameRate {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The last fraction of small parts in the continued fraction of a number. */
function nearest(value: number): FrameRate {
  let [before, rate] = [
    { numerator: 0, denominator: 1 },
    { numerator: 1, denominator: 0 },
  ];
  for (let rest = value; ; rest = 1 / (rest - Math.floor(rest))) {
    const whole = Math.floor(rest);
    const next = {
      numerator: whole * rate.numerator + before.numerator,
      denominator: whole * rate.denominator + before.denominator,
    };
    if (!(next.numerator <= MAX_PART && next.denominator <= MAX_PART)) break;
    [before, rate] = [rate, next];
    if (rest === whole) break;
  }
  if (rate.numerator === 0 || rate.denominator === 0) throw new RangeError(`${value} is no frame rate`);
  return rate;
}
