import { MAX_CODE } from "#formats/color/video-codes.ts";
import type { BlockMeans } from "./block-means.ts";

/** Where a video is not what its frames say: at codes about `expected` it has, on average, `found`. */
export type Deviation = { plane: keyof BlockMeans; expected: number; found: number };

/** Codes are looked at in so many ranges, each for itself: a wrong curve may be right in the middle. */
const RANGES = 16;

/**
 * How far off a range may be: by as much as rounding, eight bits and a low bit rate can do to all of it, and by more when it is only a few
 * blocks, of which each may be blurred with its neighbours. A limited range instead of a full one is 64 off at black and 83 at white.
 */
const TOLERANCE_CODES = 12;
const TOLERANCE_OF_ONE_BLOCK_CODES = 60;

/** Compares the planes that a video has with what is expected; returns the worst deviation beyond what compression may do, else null. */
export function worstDeviation(
  expected: BlockMeans,
  found: BlockMeans,
  planes: readonly (keyof BlockMeans)[],
): Deviation | null {
  const deviations = planes.flatMap((plane) => deviationsOf(plane, expected[plane], found[plane]));
  const size = (deviation: Deviation): number => Math.abs(deviation.found - deviation.expected);
  return deviations.toSorted((a, b) => size(b) - size(a))[0] ?? null;
}

function deviationsOf(plane: keyof BlockMeans, expected: Float32Array, found: Float32Array): Deviation[] {
  const ranges = Array.from({ length: RANGES }, () => ({ blocks: 0, expected: 0, found: 0 }));
  for (const [block, code] of expected.entries()) {
    const other = found[block];
    if (Number.isNaN(code)) continue;
    if (other === undefined || Number.isNaN(other)) return [{ plane, expected: code, found: NaN }];
    const range = ranges[Math.min(RANGES - 1, Math.max(0, Math.floor((code / (MAX_CODE + 1)) * RANGES)))]!;
    range.blocks += 1;
    range.expected += code;
    range.found += other;
  }
  return ranges.flatMap(({ blocks, ...sums }) => {
    const deviation = { plane, expected: sums.expected / blocks, found: sums.found / blocks };
    const tolerance = TOLERANCE_CODES + TOLERANCE_OF_ONE_BLOCK_CODES / Math.sqrt(blocks);
    return Math.abs(deviation.found - deviation.expected) > tolerance ? [deviation] : [];
  });
}
