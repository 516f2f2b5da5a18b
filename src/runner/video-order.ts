import { join } from "node:path";
import { VIDEO_FILES } from "#domain/video.ts";
import type { VideoOrder } from "#programs/video/order.ts";
import type { LeasedEncode } from "#protocol/runner.ts";
import { downloadFile, type Fetching } from "./file-download.ts";
import type { FrameFetcher, Picture } from "./frame-fetcher.ts";
import type { VideoFolder } from "./video-folders.ts";

/** Where a video comes from, and where it is made. */
export type VideoPlace = { fetcher: FrameFetcher; pictures: readonly Picture[]; folder: VideoFolder };

/** What the encoder is told of a lease. Fetches the sound, for it is needed as a whole; the frames come one after the other. */
export async function orderOf(task: LeasedEncode, source: VideoPlace & { fetching: Fetching }): Promise<VideoOrder> {
  const { rate, format, exposure } = task;
  const { fetcher, pictures, folder } = source;
  return {
    frames: pictures.map((_, index) => fetcher.path(index)),
    ...{ rate, format, exposure },
    sound: await fetchSound(task, folder, source.fetching),
    workFolder: folder.work,
    outputFolder: folder.output,
    baseName: VIDEO_FILES[format].baseName,
  };
}

async function fetchSound(
  { jobId, sound }: LeasedEncode,
  folder: VideoFolder,
  fetching: Fetching,
): Promise<VideoOrder["sound"]> {
  if (!sound) return null;
  const { spans, ...file } = sound;
  const path = join(folder.path, file.name);
  await downloadFile(path, { jobId, ...file }, fetching);
  return { path, spans, offsetSeconds: 0 };
}
