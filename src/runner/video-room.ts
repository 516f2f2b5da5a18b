import { readFrame } from "#programs/video/frame-shape.ts";
import { diskNeed, expectRoom } from "#programs/video/disk-need.ts";
import { framesAtOnce } from "#programs/video/master.ts";
import { VideoError } from "#programs/video/video-error.ts";
import type { LeasedEncode } from "#protocol/runner.ts";
import type { VideoFolders } from "./video-folders.ts";
import type { VideoPlace } from "./video-order.ts";

/**
 * Sees to it, once the first frame of a video is there, that the disk has room for all that making it takes: what the encoder needs and the
 * frames that are there at the same time. Throws a VideoError `disk_full` when it has not, also without what other videos have left.
 */
async function expectRoomForVideo(task: LeasedEncode, of: VideoPlace & { folders: VideoFolders }): Promise<void> {
  const { pictures, fetcher, folder, folders } = of;
  const frame = await readFrame(fetcher.path(0));
  const { format, rate } = task;
  const kind = !frame.hasAlpha ? "opaque" : format === "EXR_264_MP4" ? "on_black" : "alpha";
  const largest = pictures.reduce((most, { size }) => Math.max(most, size), 0);
  const framesBytes = largest * (Math.min(pictures.length, framesAtOnce()) - 1);
  const needed = diskNeed({ format, kind, frame, frames: pictures.length, rate }) + framesBytes;
  try {
    await expectRoom(folder.work, needed);
  } catch (error) {
    if (!(error instanceof VideoError)) throw error;
    await folders.sweep("all");
    await expectRoom(folder.work, needed);
  }
}

/** Fetches frames; once the first is there, it is known whether the disk has room for the rest. */
export function fetchInRoom(
  task: LeasedEncode,
  source: VideoPlace & { folders: VideoFolders },
  onLife: () => void,
): (index: number) => Promise<void> {
  let hasRoom = false;
  return async (index) => {
    await source.fetcher.fetch(index);
    onLife();
    if (hasRoom) return;
    await expectRoomForVideo(task, source);
    hasRoom = true;
  };
}
