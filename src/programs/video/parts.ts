import type { VideoFormat } from "../ffmpeg/video-tools.ts";
import type { Part } from "./progress.ts";

/** What a frame takes, in proportion: measured with 720p on two cores, in hundredths of a second. */
const CONVERTING = 8;
const CHECKING = 2;
const JOINING = 0.1;

const ENCODING = {
  EXR_264_MP4: { color: [2, 7], alpha: [0, 0], web: [0, 0] },
  EXR_AV1_MP4: { color: [8, 50], alpha: [4, 18], web: [0, 0] },
  EXR_VP9_WEBM: { color: [5, 17], alpha: [3, 12], web: [5, 17] },
} as const;

/** Lists the parts of the work for a format, and how long they take in proportion to each other. */
export function partsOf(format: VideoFormat, hasAlpha: boolean): Part[] {
  const { color, alpha, web } = ENCODING[format];
  const passes = (step: "color" | "alpha" | "web", weights: readonly [number, number]): Part[] =>
    weights.map((weight, pass) => ({ step, pass: pass === 0 ? 1 : 2, weight }));
  return [
    { step: "converting", pass: null, weight: CONVERTING },
    ...passes("color", color),
    ...(hasAlpha ? [...passes("alpha", alpha), ...passes("web", web)] : []),
    { step: "joining", pass: null, weight: JOINING },
    { step: "checking", pass: null, weight: CHECKING },
  ];
}
