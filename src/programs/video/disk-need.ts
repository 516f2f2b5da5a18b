import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { FrameRate } from "#formats/frame-rate.ts";
import { kilobitsPerSecond } from "../ffmpeg/bitrate.ts";
import type { MasterKind } from "../ffmpeg/convert.ts";
import { secondsOf } from "../ffmpeg/mux.ts";
import type { VideoFormat } from "../ffmpeg/video-tools.ts";
import type { Frame } from "./frame-shape.ts";
import { VideoError } from "./video-error.ts";

/** Ten bits, and a quarter of a second and of a third plane: what a pixel takes when nothing of it can be compressed. */
const RAW_BYTES_PER_PIXEL = { opaque: 1.9, on_black: 1.9, alpha: 2.55 } as const;

/** Of red, green, blue and alpha as half floats. */
const EXR_BYTES_PER_PIXEL = 8;

/** The master is never smaller by more than its EXRs are, four times over; measured on smooth and on noisy pictures. */
const MASTER_TO_EXR = 4;

/** Streams, the file that joins them, the one with sound or marks, and copies. */
const COPIES_OF_STREAMS = 5;

/** Never to be used: for logs, other programs, and what was estimated too low. */
const SPARE_BYTES = 200 * 2 ** 20;

/** The bytes that a video takes while it is made, as far as its first frame tells. */
export function diskNeed(video: {
  format: VideoFormat;
  kind: MasterKind;
  frame: Frame;
  frames: number;
  rate: FrameRate;
}): number {
  const { format, kind, frame, frames, rate } = video;
  const pixels = frame.width * frame.height;
  const compression = Math.max(0.05, frame.bytes / pixels / EXR_BYTES_PER_PIXEL);
  const masterBytes = pixels * Math.min(RAW_BYTES_PER_PIXEL[kind], MASTER_TO_EXR * compression);
  const kilobits = STREAMS[format].reduce((sum, stream) => sum + kilobitsPerSecond(stream, frame, rate), 0);
  const streamBytes = (kilobits * 1000 * secondsOf({ frames, rate })) / 8;
  return Math.ceil(frames * masterBytes + COPIES_OF_STREAMS * streamBytes + SPARE_BYTES);
}

const STREAMS = {
  EXR_264_MP4: ["h264"],
  EXR_AV1_MP4: ["av1", "av1Alpha"],
  EXR_VP9_WEBM: ["vp9", "vp9Alpha"],
} as const;

/** Throws a VideoError when a folder's disk has less room than is needed, what is in the folder already counted in. */
export async function expectRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const roomBytes = bavail * bsize + (await usedBytes(folder));
  if (roomBytes >= neededBytes) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new VideoError(
    "disk_full",
    `Making the video takes about ${gigabytes(neededBytes)} of disk, and there are ${gigabytes(roomBytes)}.`,
  );
}

async function usedBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) =>
      stat(join(folder, name))
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
