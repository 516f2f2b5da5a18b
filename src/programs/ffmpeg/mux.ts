import type { FrameRate } from "#formats/frame-rate.ts";
import { ffmpegCommandLine, NO_METADATA } from "./command-line.ts";

/** A stretch of a sound, in seconds from its beginning. */
export type SoundSpan = { startSeconds: number; seconds: number };

/** Sound for a video. A positive offset lets it begin so long after the first frame; of a negative one the beginning is cut off. */
export type SoundTrack = {
  path: string;
  offsetSeconds: number;
  /** What is heard of it, one behind the other; all of it where nothing is said. */
  spans?: readonly SoundSpan[] | null;
};

/** What a video lasts: so long is its sound too, to the sample. */
export type Length = { frames: number; rate: FrameRate };

/** FFmpeg counts the alpha mode of a WebM among what the stream says of itself, and that has to stay. */
const NO_GLOBAL_METADATA = ["-map_metadata:g", "-1", "-map_chapters", "-1"];

const SAMPLES_PER_SECOND = 48_000;
const AAC = ["-c:a", "aac", "-b:a", "192k"];
const OPUS = ["-c:a", "libopus", "-b:a", "160k"];

/** How many seconds a video lasts. */
export function secondsOf({ frames, rate }: Length): number {
  return (frames * rate.denominator) / rate.numerator;
}

/** Returns the arguments that put videos, each a track of its own, and sound into one MP4 that plays while it is being loaded. */
export function mp4Arguments(
  ffmpeg: string,
  files: { videos: readonly string[]; sound: SoundTrack | null; output: string },
  length: Length,
): [string, ...string[]] {
  const { videos, sound, output } = files;
  return ffmpegCommandLine(
    ffmpeg,
    ...[...inputs(videos, sound), ...NO_METADATA],
    ...["-c:v", "copy", ...soundOutput(videos.length, sound, length, { codec: AAC, sample: "fltp" })],
    ...["-movflags", "+faststart+write_colr", "-f", "mp4", output],
  );
}

/** Returns the arguments that add sound to a WebM, whatever else is in it: block additions and alpha mode are kept. */
export function webmWithSoundArguments(
  ffmpeg: string,
  files: { video: string; sound: SoundTrack; output: string },
  length: Length,
): [string, ...string[]] {
  const { video, sound, output } = files;
  return ffmpegCommandLine(
    ffmpeg,
    ...[...inputs([video], sound), ...NO_GLOBAL_METADATA],
    ...["-c:v", "copy", ...soundOutput(1, sound, length, { codec: OPUS, sample: "flt" })],
    ...["-cues_to_front", "1", "-f", "webm", output],
  );
}

/** Returns the arguments that put colour and alpha of AV1 into an AVIF, bit for bit as they are. */
export function avifArguments(
  ffmpeg: string,
  files: { color: string; alpha: string; output: string },
): [string, ...string[]] {
  return ffmpegCommandLine(
    ffmpeg,
    ...["-i", files.color, "-i", files.alpha, "-map", "0:v", "-map", "1:v", ...NO_METADATA],
    ...["-c", "copy", "-f", "avif", files.output],
  );
}

function inputs(videos: readonly string[], sound: SoundTrack | null): string[] {
  return [
    ...videos.flatMap((video) => ["-i", video]),
    ...(sound ? ["-i", sound.path] : []),
    ...videos.flatMap((_, number) => ["-map", `${number}:v`]),
  ];
}

function soundOutput(
  input: number,
  sound: SoundTrack | null,
  length: Length,
  { codec, sample }: { codec: readonly string[]; sample: string },
): string[] {
  if (!sound) return ["-an"];
  return ["-filter_complex", `[${input}:a:0]${soundChain(sound, length, sample)}[sound]`, "-map", "[sound]", ...codec];
}

/** Cuts the sound and moves it to its place, then fills it up with silence or cuts it off, so that it ends with the last frame. */
function soundChain({ offsetSeconds, spans }: SoundTrack, length: Length, sample: string): string {
  const offset = Math.round(offsetSeconds * SAMPLES_PER_SECOND);
  const samples = Math.round(secondsOf(length) * SAMPLES_PER_SECOND);
  return [
    `aresample=${SAMPLES_PER_SECOND}`,
    `aformat=sample_fmts=${sample}:sample_rates=${SAMPLES_PER_SECOND}:channel_layouts=mono|stereo`,
    ...(spans ? cuts(spans, length.rate) : []),
    ...(offset < 0 ? [`atrim=start_sample=${-offset}`, "asetpts=PTS-STARTPTS"] : []),
    ...(offset > 0 ? [`adelay=delays=${offset}S:all=1`] : []),
    `apad=whole_len=${samples}`,
    `atrim=end_sample=${samples}`,
  ].join(",");
}

/** FFmpeg keeps or drops blocks of sound: of one picture where that is a whole number of samples, else a third of a millisecond. */
const SMALL_BLOCK = 16;

function cuts(spans: readonly SoundSpan[], { numerator, denominator }: FrameRate): string[] {
  const ofPicture = (SAMPLES_PER_SECOND * denominator) / numerator;
  const block = Number.isInteger(ofPicture) ? ofPicture : SMALL_BLOCK;
  const kept = spans.map(({ startSeconds, seconds }) => {
    const [start, end] = [startSeconds, startSeconds + seconds].map((time) => Math.round(time * SAMPLES_PER_SECOND));
    return `gte(pts\\,${start})*lt(pts\\,${end})`;
  });
  return [`asetnsamples=n=${block}:p=0`, `aselect=${kept.join("+")}`, "asetpts=N/SR/TB"];
}
