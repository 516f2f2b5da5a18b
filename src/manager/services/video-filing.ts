import { AppError } from "#domain/app-error.ts";
import { parseFrames } from "#domain/frames.ts";
import type { Task } from "#domain/task.ts";
import { SOUND_FILE, VIDEO_FILES } from "#domain/video.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { getOutputByName, insertVideo } from "#manager/db/outputs.ts";
import { getTask } from "#manager/db/tasks.ts";
import { outputPath } from "#manager/storage/layout.ts";
import { receiveFile } from "#manager/storage/receive.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { writingFor } from "./removing-files.ts";
import type { FiledFrame, SentFrame } from "./frames.ts";
import { checkReceivedVideo } from "./received-videos.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Larger than any video: a day of 2160p at 60 frames a second. */
const MAX_VIDEO_BYTES = 2 * 1024 ** 4;

export type SentVideo = Omit<SentFrame, "frame">;

/**
 * Takes in a video, or the sound for one, as `fileFrame` does a frame: received whole, its hash and its container checked, then filed for
 * good; accepted from whoever had a lease of the task. Throws `not_found`, `bad_frame`, `wrong_digest`, `upload_incomplete`, `disk_full`.
 */
export async function fileVideo(farm: Farm, runner: LiveRunner, sent: SentVideo): Promise<FiledFrame> {
  const { jobId, name, parts, sha256 } = sent;
  const task = taskFor(farm, runner, sent);
  const filed = getOutputByName(farm.db, jobId, name);
  if (filed) return { id: filed.id, name, alreadyFiled: true };
  await using received = await receiveFile(farm.storage, sent.content, { maxBytes: MAX_VIDEO_BYTES, sha256: true });
  if (received.sha256 !== sha256)
    throw new AppError(
      "wrong_digest",
      `The SHA-256 of what arrived is ${received.sha256}, not ${sha256}; send it again.`,
    );
  await checkReceivedVideo(received.path, name, parseFrames(task.frames).length);
  await received.commitTo(outputPath(farm.storage, jobId, name));
  const kind = task.kind === "sound" ? "sound" : "video";
  const filing = farm.commit.write(() => {
    mustGetJob(farm, jobId);
    const row = { jobId, kind, name, parts, size: received.size, sha256, createdAtMs: farm.clock.nowMs() } as const;
    const id = insertVideo(farm.db, row);
    if (id === null) return { id: getOutputByName(farm.db, jobId, name)!.id, name, alreadyFiled: true };
    tellOf(farm, { type: "output", jobId, fileId: id });
    return { id, name, alreadyFiled: false };
  });
  return writingFor(farm, jobId, filing);
}

/** The task that a file is of; throws where it is not one that the runner was given, or not a file of that task. */
function taskFor(farm: Farm, runner: LiveRunner, { jobId, taskId, attempt, name }: SentVideo): Task {
  const task = getTask(farm.db, taskId);
  if (!task || task.jobId !== jobId || getAttempt(farm.db, taskId, attempt)?.runnerId !== runner.id)
    throw new AppError("not_found", `This runner never had attempt ${attempt} of task ${taskId} of job ${jobId}.`);
  const names = namesOf(task);
  if (!names.includes(name))
    throw new AppError("bad_frame", `A file of task ${taskId} is named ${names.join(" or ")}, not "${name}".`);
  return task;
}

function namesOf(task: Task): readonly (string | undefined)[] {
  switch (task.kind) {
    case "encode":
      return VIDEO_FILES[task.format!].names;
    case "sound":
      return [SOUND_FILE];
    case "render":
      throw new AppError("bad_frame", "A file of a render task is of a frame; say of which.");
    default:
      return task.kind satisfies never;
  }
}
