import type { FfmpegAbilities } from "./abilities.ts";
import { ffmpegCommandLine } from "./command-line.ts";
import { EVEN, linearLight } from "./filters.ts";

/** A stream to decode from end to end, of which some frames are to be looked at. */
export type Decoding = {
  file: string;
  /** The stream's number among those with pictures. */
  stream: number;
  /** As the file has it: nothing is converted. */
  pixelFormat: string;
  /** The decoder, where FFmpeg's own choice would leave out alpha. */
  decoder: string | null;
  /** Numbers of frames, from 0. */
  samples: readonly number[];
  /** Where their planes go, one frame behind the other. */
  output: string;
};

/** Returns the arguments that decode a stream, fail at the first fault in it, count its frames (the progress tells), and keep some of them. */
export function decodeArguments(ffmpeg: string, decoding: Decoding): [string, ...string[]] {
  const { file, stream, pixelFormat, decoder, samples, output } = decoding;
  const select = samples.map((frame) => `eq(n\\,${frame})`).join("+");
  const map = ["-map", `0:v:${stream}`];
  return ffmpegCommandLine(
    ffmpeg,
    ...(decoder === null ? [] : ["-c:v", decoder]),
    ...["-i", file, ...map, "-fps_mode", "passthrough", "-f", "null", "-"],
    ...[...map, "-vf", `select=${select}`, "-fps_mode", "passthrough", "-pix_fmt", pixelFormat],
    ...["-f", "rawvideo", output],
  );
}

/** Returns the arguments that decode the sound of a file; the progress tells how long it is. */
export function decodeSoundArguments(ffmpeg: string, file: string): [string, ...string[]] {
  return ffmpegCommandLine(ffmpeg, "-i", file, "-map", "0:a:0", "-af", "aresample=osf=s16", "-f", "null", "-");
}

/** Returns the arguments that write the linear light of an EXR as planes of floats: green, blue, red, and alpha if there is one. */
export function exrPlanesArguments(
  ffmpeg: FfmpegAbilities,
  exr: { path: string; layer: string | null; hasAlpha: boolean; output: string },
): [string, ...string[]] {
  return ffmpegCommandLine(
    ffmpeg.path,
    ...(exr.layer === null ? [] : ["-layer", exr.layer]),
    ...["-f", "exr_pipe", "-i", exr.path, "-vf", `${EVEN},${linearLight(exr.hasAlpha)}`],
    ...["-frames:v", "1", "-f", "rawvideo", exr.output],
  );
}
