import { ffmpegCommandLine, HLG_TAGS, NO_METADATA } from "./command-line.ts";
import { masterInput, passOutput, type Encoding, type Pass } from "./encoding.ts";

/** Seconds from one key frame to the next; H.264 finds its own before. */
const GROUP_SECONDS = 5;

/** Returns the arguments of a pass that makes an MP4 of H.264, High 10. */
export function x264Arguments(ffmpeg: string, encoding: Encoding, pass: Pass): [string, ...string[]] {
  const { stream, rate, kilobitsPerSecond: kilobits } = encoding;
  const group = Math.max(1, Math.round((GROUP_SECONDS * rate.numerator) / rate.denominator));
  return ffmpegCommandLine(
    ffmpeg,
    ...[...masterInput(rate), "-map", `0:v:${stream}`, "-an", ...NO_METADATA],
    ...["-c:v", "libx264", "-profile:v", "high10", "-preset", "slow", "-pix_fmt", "yuv420p10le"],
    ...["-b:v", `${kilobits}k`, "-maxrate", `${2 * kilobits}k`, "-bufsize", `${4 * kilobits}k`, "-g", String(group)],
    ...[...HLG_TAGS, ...passOutput(encoding, pass, "-movflags", "+faststart+write_colr", "-f", "mp4")],
  );
}
