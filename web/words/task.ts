import type { Task } from "#domain/task.ts";
import { VIDEO_WORDS } from "#domain/video.ts";

/** What a task is called: Frame 12, Frames 1-10, AV1 video, Sound. */
export function taskName({ kind, format, frames }: Pick<Task, "kind" | "format" | "frames">): string {
  if (kind === "sound") return "Sound";
  if (kind === "encode") return format === null ? "Video" : `${VIDEO_WORDS[format]} video`;
  return /^\d+$/.test(frames) ? `Frame ${frames}` : `Frames ${frames}`;
}
