import { ffmpegCommandLine, HLG_TAGS, NO_METADATA } from "./command-line.ts";
import { groupOfPictures, masterInput, passOutput, type Encoding, type Pass } from "./encoding.ts";

/** How hard the encoder tries, of 0 (most) to 8; the step between them halves the time. */
const USUAL_SPEED = 4;
const SPEED_FOR_MUCH = 6;
const SLOW_SPEED = 2;

/** `slow` is for where the encoder crashes otherwise: libaom 3.14.1 does on every picture without colour. */
export type AomSpeed = "usual" | "slow";

/** From here on the usual speed takes days. */
const MANY_FRAMES = 2000;
const LARGE_PIXELS = 3840 * 2000;

/** Tiles are worked on side by side; narrow ones cost quality. */
const WIDTH_FOR_TWO_TILES = 640;
const WIDTH_FOR_FOUR_TILES = 2560;

/** Returns the arguments of a pass that makes an MP4 of AV1, ten bits. */
export function aomColorArguments(ffmpeg: string, encoding: Encoding, pass: Pass): [string, ...string[]] {
  return ffmpegCommandLine(
    ffmpeg,
    ...[...masterInput(encoding.rate), "-map", `0:v:${encoding.stream}`, "-an", ...NO_METADATA],
    ...[...aom(encoding, "usual"), "-pix_fmt", "yuv420p10le", ...HLG_TAGS],
    ...passOutput(encoding, pass, "-movflags", "+write_colr", "-f", "mp4"),
  );
}

/** The same for alpha, which is a picture without colour. */
export function aomAlphaArguments(
  ffmpeg: string,
  encoding: Encoding & { speed: AomSpeed },
  pass: Pass,
): [string, ...string[]] {
  return ffmpegCommandLine(
    ffmpeg,
    ...[...masterInput(encoding.rate), "-filter_complex", `[0:v:${encoding.stream}]extractplanes=y[alpha]`],
    ...["-map", "[alpha]", "-an", ...NO_METADATA, ...aom(encoding, encoding.speed), "-color_range", "pc"],
    ...passOutput(encoding, pass, "-f", "mp4"),
  );
}

function aom({ size, frames, rate, kilobitsPerSecond }: Encoding, speed: AomSpeed): string[] {
  const isMuch = frames > MANY_FRAMES || size.width * size.height >= LARGE_PIXELS;
  const usual = isMuch ? SPEED_FOR_MUCH : USUAL_SPEED;
  const group = String(groupOfPictures(rate));
  return [
    ...["-c:v", "libaom-av1", "-usage", "good", "-cpu-used", String(speed === "slow" ? SLOW_SPEED : usual)],
    ...["-row-mt", "1", "-tiles", `${tileColumns(size.width)}x1`, "-b:v", `${kilobitsPerSecond}k`],
    ...["-g", group, "-keyint_min", group],
  ];
}

function tileColumns(width: number): number {
  if (width >= WIDTH_FOR_FOUR_TILES) return 4;
  return width >= WIDTH_FOR_TWO_TILES ? 2 : 1;
}
