import { dirname, join } from "node:path";
import type { JobFormat } from "#domain/job.ts";
import { capture } from "../capture.ts";
import type { RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { findProgram } from "../find-program.ts";
import { runProgram } from "../spawn.ts";
import { findFfmpeg, type Encoder, type FfmpegAbilities } from "./abilities.ts";

/** The formats of a job that have a video. */
export type VideoFormat = Exclude<JobFormat, "EXR">;

/** What makes videos on this machine. */
export type VideoTools = {
  ffmpeg: FfmpegAbilities;
  /** Null where FFmpeg was installed without it. */
  ffprobe: string | null;
  /** The containers that FFmpeg can write. */
  muxers: ReadonlySet<string>;
};

const ASK_SECONDS = 20;

/** What a format cannot be made without, besides the filters of the colour transform. */
const NEEDS: Record<VideoFormat, { video: Encoder; sound: Encoder; muxers: readonly string[] }> = {
  EXR_264_MP4: { video: "libx264", sound: "aac", muxers: ["mp4"] },
  EXR_AV1_MP4: { video: "libaom-av1", sound: "aac", muxers: ["mp4", "avif"] },
  EXR_VP9_WEBM: { video: "libvpx-vp9", sound: "libopus", muxers: ["ivf", "webm"] },
};

/** Looks for FFmpeg and what belongs to it; null where there is none that runs. */
export async function findVideoTools(run: RunProgram = runProgram): Promise<VideoTools | null> {
  const ffmpeg = await findFfmpeg(run);
  if (ffmpeg === null) return null;
  const command = { argv: [ffmpeg.path, "-hide_banner", "-muxers"] as const, environment: cleanEnvironment() };
  const { stdout } = await capture(run, command, { timeoutSeconds: ASK_SECONDS });
  const ffprobe = findProgram(join(dirname(ffmpeg.path), "ffprobe")) ?? findProgram("ffprobe");
  return { ffmpeg, ffprobe, muxers: parseMuxers(stdout) };
}

/** Reads the names from the table of `ffmpeg -muxers`. */
export function parseMuxers(lines: readonly string[]): Set<string> {
  const names = lines.map((line) => /^ +E[ d]? *(\w+) /.exec(line)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}

/** Lists, for people, what is missing on this machine to make a format; empty when nothing is. */
export function missingFor(format: VideoFormat, tools: VideoTools | null, withSound: boolean): string[] {
  if (tools === null) return ["FFmpeg"];
  const { video, sound, muxers } = NEEDS[format];
  const encoders = withSound ? [video, sound] : [video];
  return [
    ...encoders.filter((name) => !tools.ffmpeg.encoders.includes(name)),
    ...muxers.filter((name) => !tools.muxers.has(name)),
    ...(["zscale", "lut1d"] as const).filter((name) => !tools.ffmpeg.filters.includes(name)),
    ...(tools.ffprobe === null ? ["ffprobe"] : []),
  ];
}
