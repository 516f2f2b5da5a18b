import { formatFrames, parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import type { StoredBlender } from "#domain/stored-blender.ts";
import type { Task } from "#domain/task.ts";
import { SOUND_FILE, type VideoFormat } from "#domain/video.ts";
import type { FrameRate } from "#formats/frame-rate.ts";
import type { SoundSpan } from "#programs/ffmpeg/mux.ts";
import { getStoredBlender } from "#manager/db/blender-versions.ts";
import { getOutputByName, listWholeFrames } from "#manager/db/outputs.ts";
import type { Farm } from "./farm.ts";
import { matchBlenders } from "./blender-choice.ts";
import type { LiveRunner } from "./runner-table.ts";
import { videoSource } from "./video-source.ts";
import { isSoundFiled, isVideoFiled } from "./videos.ts";

/** A video to be made of all frames of a job. */
export type VideoRecipe = {
  format: VideoFormat;
  rate: FrameRate;
  /** The exposure of the scene's view, in stops. */
  exposure: number;
  /** Begins with the first frame; of it the spans are heard, or all where there are none. Null for a silent video. */
  sound: { name: string; size: number; sha256: string; spans: SoundSpan[] | null } | null;
};

/** The version, and the packed one for a runner that lacks it; null where the farm keeps none of that version. */
export type BlenderToUse = { blenderVersion: string; blender: StoredBlender | null };

/** What a runner does for a task; `frames` are those still to render, of other kinds all that the task is about. */
export type TaskWork = { frames: string } & (
  | ({ kind: "render" } & BlenderToUse)
  | ({ kind: "sound"; firstFrame: number; lastFrame: number } & BlenderToUse)
  | { kind: "encode"; video: VideoRecipe }
);

/** Says what a runner has to do for a task; null when it cannot, because it has lost its Blender. */
export function workFor(farm: Farm, runner: LiveRunner, job: Job, task: Task): TaskWork | null {
  if (task.kind === "encode") return { kind: "encode", frames: task.frames, video: recipe(farm, job, task) };
  const blenderVersion = job.blenderUsed;
  if (!blenderVersion || !matchBlenders(farm).canUse(runner, blenderVersion)) return null;
  const blender = getStoredBlender(farm.db, blenderVersion);
  if (task.kind === "render")
    return { kind: "render", frames: formatFrames(missingFrames(farm, task)), blenderVersion, blender };
  const { sound } = videoSource(farm, job).timing;
  return sound && { kind: "sound", frames: task.frames, blenderVersion, blender, ...rangeOf(sound) };
}

/** Says in one sentence what of a task is not filed yet; null when nothing is missing. Sound may turn out to be silence, which is no file. */
export function whatIsMissing(farm: Pick<Farm, "db">, task: Task): string | null {
  switch (task.kind) {
    case "render": {
      const missing = missingFrames(farm, task);
      return missing.length === 0 ? null : `Frames ${formatFrames(missing)} are not filed yet.`;
    }
    case "encode":
      return isVideoFiled(farm, task.jobId, task.format!) ? null : "The video is not filed yet.";
    case "sound":
      return isSoundFiled(farm, task.jobId) ? null : "The sound is not filed yet.";
    default:
      return task.kind satisfies never;
  }
}

/** The frames of a render task that are not filed yet. */
export function missingFrames(farm: Pick<Farm, "db">, task: Pick<Task, "jobId" | "frames">): number[] {
  const frames = parseFrames(task.frames);
  const whole = new Set(listWholeFrames(farm.db, task.jobId, frames[0]!, frames.at(-1)!));
  return frames.filter((frame) => !whole.has(frame));
}

function rangeOf({ firstFrame, lastFrame }: { firstFrame: number; lastFrame: number }) {
  return { firstFrame, lastFrame };
}

function recipe(farm: Farm, job: Job, task: Task): VideoRecipe {
  const { scene, timing } = videoSource(farm, job);
  const sound = timing.sound && getOutputByName(farm.db, job.id, SOUND_FILE);
  return {
    format: task.format!,
    rate: timing.rate,
    exposure: scene.color.exposure,
    sound: sound && { name: sound.name, size: sound.size, sha256: sound.sha256!, spans: timing.sound!.spans },
  };
}
