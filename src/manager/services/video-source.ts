import { parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { renderedScene, type SceneInfo } from "#domain/scene.ts";
import type { Warning } from "#domain/warning.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import { videoTiming, type VideoTiming } from "#programs/video/timing.ts";
import type { Farm } from "./farm.ts";

/** What a video is made from: a scene's frames, and how fast they are shown. */
export type VideoSource = { scene: SceneInfo; frames: readonly number[]; timing: VideoTiming };

/** The source of a video of a job that has its frames. Throws when nothing was read of its scene, with which no job leaves its draft. */
export function videoSource(farm: Pick<Farm, "db">, job: Pick<Job, "id" | "scene" | "frames">): VideoSource {
  const metadata = getJobMetadata(farm.db, job.id);
  const scene = metadata && renderedScene(metadata, job.scene);
  if (!scene || job.frames === null) throw new Error(`nothing is known of the scene of job ${job.id}`);
  return sourceOf(scene, parseFrames(job.frames));
}

/** The source of a video of these frames. */
export function sourceOf(scene: SceneInfo, frames: readonly number[]): VideoSource {
  return { scene, frames, timing: timingOf(scene, frames) };
}

/** Whether a video shall have sound; where frames are left out all over, nobody could listen to it. */
export function wantsSound({ scene, timing }: VideoSource): boolean {
  return scene.hasSound && timing.sound !== null;
}

/** In what a video will differ from what one might expect of its frames. */
export function videoWarnings(source: VideoSource): Warning[] {
  return [...gapWarnings(source), ...(source.scene.multiview ? [ONE_VIEW] : [])];
}

const ONE_VIEW: Warning = {
  code: "video_picture",
  message: "The scene has several views. The video shows the first of them, in stereo the left eye.",
};

function gapWarnings({ scene, frames, timing }: VideoSource): Warning[] {
  const isWhole = frames.at(-1)! - frames[0]! === frames.length - 1;
  if (isWhole) return [];
  const step = frames[1]! - frames[0]!;
  const told = (message: string): Warning[] => [{ code: "video_gaps", message }];
  if (timing.sound?.spans === null)
    return told(
      `One frame of ${step} is rendered. The video shows each ${step} times as long, so that it runs as fast as the scene.`,
    );
  const order = "The frames have gaps between them. The video shows them one behind the other";
  if (!scene.hasSound) return told(`${order}.`);
  if (timing.sound === null) return told(`${order}, and without the scene's sound, which would be in shreds.`);
  return told(`${order}, and its sound is cut where they are.`);
}

/** A rate that is none, in a damaged file, becomes that of film. */
function timingOf(scene: SceneInfo, frames: readonly number[]): VideoTiming {
  try {
    return videoTiming(frames, scene);
  } catch (error) {
    if (error instanceof RangeError) return videoTiming(frames, { fps: 24, fpsBase: 1 });
    throw error;
  }
}
