import { JOB_FORMATS, type JobFormat } from "./job.ts";

/** The formats of a job that have a video. */
export type VideoFormat = Exclude<JobFormat, "EXR">;

export const VIDEO_FORMATS: readonly VideoFormat[] = JOB_FORMATS.filter((format) => format !== "EXR");

type VideoFiles = {
  /** What its files are called before the first dot. */
  baseName: string;
  /** The video itself, and behind it the copy for browsers that comes with it where the frames have alpha. */
  names: readonly [main: string, copy?: string];
};

/** The files that a format leads to. */
export const VIDEO_FILES: Readonly<Record<VideoFormat, VideoFiles>> = {
  EXR_264_MP4: { baseName: "video_h264", names: ["video_h264.mp4"] },
  EXR_AV1_MP4: { baseName: "video_av1", names: ["video_av1.mp4", "video_av1.avif"] },
  EXR_VP9_WEBM: { baseName: "video_vp9", names: ["video_vp9.webm", "video_vp9.web.webm"] },
};

/** What formats are called for people. */
export const VIDEO_WORDS: Readonly<Record<VideoFormat, string>> = {
  EXR_264_MP4: "H.264",
  EXR_AV1_MP4: "AV1",
  EXR_VP9_WEBM: "VP9",
};

/** The sound of a job, as Blender has mixed it. */
export const SOUND_FILE = "sound.flac";

/** Says whether a job's format has a video. */
export function isVideoFormat(format: string): format is VideoFormat {
  return (VIDEO_FORMATS as readonly string[]).includes(format);
}

/** Seconds that a megapixel of one frame takes in all; measured with 720p on two cores, without alpha. */
const SECONDS_PER_MEGAPIXEL: Readonly<Record<VideoFormat, number>> = {
  EXR_264_MP4: 0.2,
  EXR_AV1_MP4: 0.75,
  EXR_VP9_WEBM: 0.35,
};

/** Before a frame has told its size. */
const USUAL_MEGAPIXELS = 2;

/** How long a video may take that nobody has begun with, in seconds: no more than a first guess. */
export function guessEncodeSeconds(
  format: VideoFormat,
  of: { frames: number; width: number | null; height: number | null },
): number {
  const megapixels = of.width === null || of.height === null ? USUAL_MEGAPIXELS : (of.width * of.height) / 1e6;
  return SECONDS_PER_MEGAPIXEL[format] * megapixels * of.frames;
}
