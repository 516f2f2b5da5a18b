import type { FrameRate } from "#formats/frame-rate.ts";
import { rateText } from "./command-line.ts";

export type PictureSize = { width: number; height: number };

export type Pass = 1 | 2;

/** A stream of the master, and what an encoder shall make of it. */
export type Encoding = {
  /** The stream's number among those of the master. */
  stream: number;
  rate: FrameRate;
  size: PictureSize;
  /** Of the whole video. */
  frames: number;
  kilobitsPerSecond: number;
  /** Under this name FFmpeg keeps what it learns in the first pass for the second. */
  statistics: string;
  output: string;
};

/** The list of the master's pieces (see https://ffmpeg.org/ffmpeg-formats.html#concat-1), in the folder where FFmpeg runs. */
export const MASTER_LIST = "master.ffconcat";

export function masterList(pieces: readonly string[]): string {
  return ["ffconcat version 1.0", ...pieces.map((piece) => `file ${piece}`), ""].join("\n");
}

/** Reads the master. The rate makes the time of each frame exact, where Matroska has rounded it to milliseconds. */
export function masterInput(rate: FrameRate): string[] {
  return ["-r", rateText(rate), "-f", "concat", "-i", MASTER_LIST];
}

/** Which pass this is, and where it writes to: the first only measures. */
export function passOutput(encoding: Encoding, pass: Pass, ...format: readonly string[]): string[] {
  const output = pass === 1 ? ["-f", "null", "-"] : [...format, encoding.output];
  return ["-pass", String(pass), "-passlogfile", encoding.statistics, ...output];
}

/** A key frame every two seconds, at the same places in colour and alpha: there players can begin. */
export function groupOfPictures({ numerator, denominator }: FrameRate): number {
  return Math.max(1, Math.round((2 * numerator) / denominator));
}
