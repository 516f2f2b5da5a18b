import { join } from "node:path";
import { formatFrames, parseFrames } from "#domain/frames.ts";
import type { EncodingProgress } from "#domain/progress.ts";
import { VIDEO_FILES, VIDEO_WORDS } from "#domain/video.ts";
import type { Warning } from "#domain/warning.ts";
import type { VideoTools } from "#programs/ffmpeg/video-tools.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import type { encodeVideo } from "#programs/video/encode.ts";
import type { VideoOutcome } from "#programs/video/order.ts";
import type { VideoProgress } from "#programs/video/progress.ts";
import type { LeasedEncode } from "#protocol/runner.ts";
import { startDeadline } from "./deadline.ts";
import { downloadFile, type Fetching } from "./file-download.ts";
import { createFrameFetcher, type Picture } from "./frame-fetcher.ts";
import type { HeldTask } from "./held-tasks.ts";
import type { ManagerClient } from "./manager-client.ts";
import type { Outbox, Outgoing } from "./outbox.ts";
import { retrying } from "./retry.ts";
import type { TaskEnd } from "./task-end.ts";
import { runTask, type Attempt, type TaskSurroundings } from "./task-run.ts";
import type { VideoFolder, VideoFolders } from "./video-folders.ts";
import { expectRoomForVideo } from "./video-room.ts";

/** An encoder that takes no further frame for so long has hung; AV1 of 8K on a small machine may take minutes for one. */
const HANG_MS = 60 * 60_000;

/** Frames of which the manager is asked at once. */
const PICTURES_PER_PAGE = 1000;

/** What of this machine a video needs; `encode` is `encodeVideo`, or a stand-in for tests. */
export type EncodeHost = {
  tools: VideoTools | null;
  sandbox: Sandbox;
  folders: VideoFolders;
  encode: typeof encodeVideo;
};

export type EncodeWork = TaskSurroundings & {
  client: Pick<ManagerClient, "file" | "pictures">;
  host: EncodeHost;
  outbox: Pick<Outbox, "add">;
};

/**
 * Works on a lease to make a video: fetches the frames while the first are converted already, has them encoded, and sends what came out. What
 * was done stays on disk until it is delivered, so that another attempt here goes on with it.
 */
export async function encodeTask(held: HeldTask, task: LeasedEncode, work: EncodeWork): Promise<void> {
  const outgoing: Outgoing[] = [];
  const warnings: Warning[] = [];
  let folder: VideoFolder | null = null;
  const run = async (attempt: Attempt): Promise<TaskEnd> => {
    const { patience, signal, say } = attempt;
    const name = VIDEO_WORDS[task.format];
    patience.log.info("task started", { job: task.jobName, video: task.format, frames: task.frames });
    say(`${name} of frames ${task.frames}; asking for their files`);
    held.report({ total: parseFrames(task.frames).length, encoding: FETCHING });
    const pictures = await listPictures(task, work, attempt);
    await work.host.folders.sweep("old");
    folder = await work.host.folders.open(task, pictures);
    const outcome = await encode(held, task, work, attempt, { pictures, folder });
    if (outcome.kind === "aborted" || signal.aborted) return { kind: "givenBack" };
    if (outcome.kind === "failed") {
      // A full disk is better served by room than by what was done so far.
      if (outcome.reason === "disk_full") await folder.remove();
      return outcome;
    }
    warnings.push(...warningsOf(task, outcome));
    const { id: taskId, jobId, attempt: number } = task;
    for (const file of outcome.files) {
      const of = outcome.files.length;
      outgoing.push(
        await work.outbox.add(file.path, { jobId, taskId, attempt: number, frame: null, name: file.name, of }),
      );
    }
    return { kind: "completed" };
  };
  const opened = (): VideoFolder | null => folder;
  try {
    const end = await runTask(held, work, { run, outgoing: () => outgoing, warnings: () => warnings });
    if (end.kind === "completed") await opened()?.remove();
  } finally {
    opened()?.close();
  }
}

const FETCHING: EncodingProgress = { step: "fetching", pass: null, fraction: 0, secondsLeft: null };

/** Asks for the main picture of every frame. Throws when the manager has not all of them. */
async function listPictures(task: LeasedEncode, work: EncodeWork, { patience, signal }: Attempt): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (;;) {
    const query = { attempt: task.attempt, after: pictures.at(-1)?.frame ?? -1, limit: PICTURES_PER_PAGE };
    const page = await retrying("asking for the frames of a video", patience, signal, () =>
      work.client.pictures(task.id, query, signal),
    );
    pictures.push(...page);
    if (page.length === 0) break;
  }
  const wanted = new Set(parseFrames(task.frames));
  const found = pictures.filter(({ frame }) => wanted.delete(frame));
  if (wanted.size > 0) throw new Error(`The manager has no picture of the frames ${formatFrames([...wanted])}.`);
  return found;
}

async function encode(
  held: HeldTask,
  task: LeasedEncode,
  work: EncodeWork,
  attempt: Attempt,
  { pictures, folder }: { pictures: readonly Picture[]; folder: VideoFolder },
): Promise<VideoOutcome> {
  const { host } = work;
  const { line, say, patience, signal } = attempt;
  const { jobId, format, rate, exposure } = task;
  const life = startDeadline(patience.time, HANG_MS, signal, () => new Error("nothing was heard of the encoder"));
  const fetching: Fetching = { client: work.client, patience, signal: life.signal };
  const fetcher = createFrameFetcher(folder.frames, { jobId, pictures }, fetching);
  let hasRoom = false;
  const fetchFrame = async (index: number): Promise<void> => {
    await fetcher.fetch(index);
    life.touch();
    if (hasRoom) return;
    await expectRoomForVideo(task, { pictures, fetcher, folder, folders: host.folders });
    hasRoom = true;
  };
  const sound = task.sound && { ...(await fetchSound(task.sound, folder, { jobId, fetching })), offsetSeconds: 0 };
  const order = {
    frames: pictures.map((_, index) => fetcher.path(index)),
    ...{ rate, format, exposure, sound },
    workFolder: folder.work,
    outputFolder: folder.output,
    baseName: VIDEO_FILES[format].baseName,
  };
  let said = "";
  let furthest = "";
  const onProgress = (progress: VideoProgress): void => {
    held.report(reportOf(progress, pictures));
    const place = `${progress.step} ${progress.pass} ${progress.frame}`;
    if (place !== furthest) life.touch();
    furthest = place;
    const step = sayStep(progress);
    if (step !== said) say(step);
    said = step;
  };
  const watch = { onProgress, onLine: line, signal: life.signal, fetchFrame, releaseFrame: fetcher.release };
  try {
    const outcome = await host.encode(order, { tools: host.tools, sandbox: host.sandbox }, watch);
    const hasHung = outcome.kind === "aborted" && life.signal.aborted && !signal.aborted;
    return hasHung ? { kind: "failed", reason: "hung", message: HUNG } : outcome;
  } finally {
    life.clear();
  }
}

const HUNG = "FFmpeg took no further frame for an hour.";

async function fetchSound(
  { spans, ...file }: NonNullable<LeasedEncode["sound"]>,
  folder: VideoFolder,
  { jobId, fetching }: { jobId: number; fetching: Fetching },
) {
  const path = join(folder.path, file.name);
  await downloadFile(path, { jobId, ...file }, fetching);
  return { path, spans };
}

function reportOf({ step, pass, frame, frames, fraction, secondsLeft }: VideoProgress, pictures: readonly Picture[]) {
  return {
    frame: pictures[Math.max(0, frame - 1)]?.frame ?? null,
    done: Math.floor(fraction * frames),
    total: frames,
    encoding: { step, pass, fraction, secondsLeft },
  };
}

function sayStep({ step, pass }: VideoProgress): string {
  return pass === null ? step : `encoding, pass ${pass}`;
}

function warningsOf(task: LeasedEncode, outcome: Extract<VideoOutcome, { kind: "done" }>): Warning[] {
  if (!outcome.isCropped) return [];
  const { width, height } = outcome.size;
  const message = `Video has an even number of columns and lines, so ${VIDEO_WORDS[task.format]} is ${width} × ${height}: the last one of the frames is cut off.`;
  return [{ code: "video_cropped", message }];
}
