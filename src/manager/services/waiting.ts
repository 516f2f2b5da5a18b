import { VIDEO_WORDS, type VideoFormat } from "#domain/video.ts";
import { setJobMessage } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";
import type { ReadyJob } from "./ready-index.ts";
import { refreshJob } from "./rebuild.ts";
import type { LiveRunner } from "./runner-table.ts";
import { mayWorkFor, runnersAtWork } from "./scheduling.ts";

/** The reason of a job that waits for a runner that can make its video. */
const WAITS = "encoder_unavailable";

const ENCODERS: Readonly<Record<VideoFormat, string>> = {
  EXR_264_MP4: "libx264",
  EXR_AV1_MP4: "libaom-av1",
  EXR_VP9_WEBM: "libvpx-vp9",
};

/**
 * Says of each job whose video no runner here can make what it waits for, and takes it back when one has come that can. Looks at what is in
 * memory alone, and writes only what has changed.
 */
export async function noteEncoderWaits(farm: Farm): Promise<void> {
  const runners = runnersAtWork(farm);
  const changed = farm.ready
    .inOrder(() => true, farm.leases.countOfUser)
    .filter((job) => job.reason === null || job.reason === WAITS)
    .flatMap((job) => {
      const message = waitOf(runners, job);
      return message === job.message ? [] : [{ id: job.id, message }];
    });
  if (changed.length === 0) return;
  await farm.commit.write(() => {
    for (const { id, message } of changed) {
      setJobMessage(farm.db, id, message === null ? null : WAITS, message);
      refreshJob(farm, id);
    }
  });
}

function waitOf(runners: readonly LiveRunner[], job: ReadyJob): string | null {
  const mine = runners.filter((runner) => mayWorkFor(runner, job));
  for (const { format } of job.work) {
    if (format === null || mine.some(({ capabilities }) => capabilities.videoFormats.includes(format))) continue;
    return `No runner that is online can make ${VIDEO_WORDS[format]} video. It takes an FFmpeg with ${ENCODERS[format]} and zscale; the job goes on when such a runner comes.`;
  }
  return null;
}
