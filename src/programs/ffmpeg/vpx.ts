import { ffmpegCommandLine, HLG_TAGS, NO_METADATA } from "./command-line.ts";
import { groupOfPictures, masterInput, passOutput, type Encoding, type Pass } from "./encoding.ts";
import { EIGHT_BITS, EIGHT_BITS_DITHERED, MERGE_ALPHA } from "./filters.ts";

/** The encoder looks so far ahead, and makes hidden frames of what it sees. */
const LOOK_AHEAD_FRAMES = 25;

/** Returns the arguments of a pass that makes an IVF file of VP9, profile 2, ten bits, of colour or of alpha. */
export function vpxArguments(ffmpeg: string, encoding: Encoding, pass: Pass): [string, ...string[]] {
  const group = String(groupOfPictures(encoding.rate));
  return ffmpegCommandLine(
    ffmpeg,
    ...[...masterInput(encoding.rate), "-map", `0:v:${encoding.stream}`, "-an", ...vpx(encoding)],
    ...["-auto-alt-ref", "1", "-lag-in-frames", String(LOOK_AHEAD_FRAMES), "-keyint_min", group],
    ...["-profile:v", "2", "-pix_fmt", "yuv420p10le", ...HLG_TAGS, ...passOutput(encoding, pass, "-f", "ivf")],
  );
}

/** A master's streams of colour and alpha, for a copy that has both in one stream. */
export type WebEncoding = Encoding & { alphaStream: number };

/**
 * Returns the arguments of a pass that makes a WebM of eight bits with alpha: no browser plays ten bits with alpha, and so does not FFmpeg's
 * encoder make them. It refuses alpha together with hidden frames.
 */
export function vpxWebArguments(ffmpeg: string, encoding: WebEncoding, pass: Pass): [string, ...string[]] {
  const { stream, alphaStream, rate } = encoding;
  const chain = [
    `[0:v:${stream}]${EIGHT_BITS_DITHERED}[c]`,
    `[0:v:${alphaStream}]${EIGHT_BITS}[a]`,
    `[c][a]${MERGE_ALPHA}[o]`,
  ].join(";");
  return ffmpegCommandLine(
    ffmpeg,
    ...[...masterInput(rate), "-filter_complex", chain, "-map", "[o]", "-an", ...vpx(encoding)],
    ...["-auto-alt-ref", "0", ...HLG_TAGS, ...passOutput(encoding, pass, "-f", "webm")],
  );
}

function vpx({ rate, kilobitsPerSecond }: Encoding): string[] {
  return [
    ...[...NO_METADATA, "-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "2", "-row-mt", "1"],
    ...["-tile-columns", "1", "-b:v", `${kilobitsPerSecond}k`, "-g", String(groupOfPictures(rate))],
  ];
}
