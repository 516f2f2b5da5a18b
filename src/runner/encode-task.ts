import { formatFrames, parseFrames } from "#domain/frames.ts";
import type { EncodingProgress } from "#domain/progress.ts";
import { VIDEO_WORDS } from "#domain/video.ts";
import type { Warning } from "#domain/warning.ts";
import type { VideoTools } from "#programs/ffmpeg/video-tools.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import type { encodeVideo } from "#programs/video/encode.ts";
import type { VideoOutcome } from "#programs/video/order.ts";
import type { VideoProgress } from "#programs/video/progress.ts";
import type { LeasedEncode } from "#protocol/runner.ts";
import { startDeadline } from "./deadline.ts";
import { createFrameFetcher, type Picture } from "./frame-fetcher.ts";
import type { HeldTask } from "./held-tasks.ts";
import type { ManagerClient } from "./manager-client.ts";
import type { Outbox, Outgoing } from "./outbox.ts";
import { retrying } from "./retry.ts";
import type { TaskEnd } from "./task-end.ts";
import { runTask, type Attempt, type TaskSurroundings } from "./task-run.ts";
import type { VideoFolder, VideoFolders } from "./video-folders.ts";
import { orderOf } from "./video-order.ts";
import { fetchInRoom } from "./video-room.ts";

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
    warnings.push(...warningsOf(outcome));
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
  const { patience, signal } = attempt;
  const life = startDeadline(patience.time, HANG_MS, signal, () => new Error("nothing was heard of the encoder"));
  const over = new AbortController();
  try {
    const client = clientThatLives(work.client, life.touch);
    const fetching = { client, patience, signal: AbortSignal.any([life.signal, over.signal]) };
    const fetcher = createFrameFetcher(folder.frames, { jobId: task.jobId, pictures }, fetching);
    const order = await orderOf(task, { fetcher, pictures, folder, fetching });
    const outcome = await work.host.encode(order, work.host, {
      ...{ onLine: attempt.line, signal: life.signal, releaseFrame: fetcher.release },
      onProgress: follow(held, attempt, pictures, life.touch),
      fetchFrame: fetchInRoom(task, { fetcher, pictures, folder, folders: work.host.folders }, life.touch),
    });
    const hasHung = outcome.kind === "aborted" && life.signal.aborted && !signal.aborted;
    return hasHung ? { kind: "failed", reason: "hung", message: HUNG } : outcome;
  } finally {
    over.abort(new Error("the encoder has ended"));
    life.clear();
  }
}

/** A manager that is away for long is no fault of the encoder. */
function clientThatLives({ file }: Pick<ManagerClient, "file">, onLife: () => void): Pick<ManagerClient, "file"> {
  return {
    file: (...call) => {
      onLife();
      return file(...call);
    },
  };
}

const HUNG = "FFmpeg took no further frame for an hour.";

/** Tells how far the encoder is: the manager by the heartbeat, and the log of the attempt what is begun. */
function follow(
  held: HeldTask,
  attempt: Attempt,
  pictures: readonly Picture[],
  onLife: () => void,
): (progress: VideoProgress) => void {
  const said = new Set<string>();
  let place = "";
  return (progress) => {
    const { step, pass, frame } = progress;
    held.report(reportOf(progress, pictures));
    if (`${step} ${pass} ${frame}` !== place) onLife();
    place = `${step} ${pass} ${frame}`;
    const begun = pass === null ? step : `${step}, pass ${pass}`;
    if (!said.has(begun)) attempt.say(begun);
    said.add(begun);
  };
}

function reportOf({ step, pass, frame, frames, fraction, secondsLeft }: VideoProgress, pictures: readonly Picture[]) {
  return {
    frame: pictures[Math.max(0, frame - 1)]?.frame ?? null,
    done: Math.floor(fraction * frames),
    total: frames,
    encoding: { step, pass, fraction, secondsLeft },
  };
}

/** The same of all formats, so that a job with several videos says it once. */
function warningsOf({ isCropped, size: { width, height } }: Extract<VideoOutcome, { kind: "done" }>): Warning[] {
  if (!isCropped) return [];
  const message = `A video has an even number of columns and lines: it is ${width} × ${height}, and what the frames have beyond that is cut off.`;
  return [{ code: "video_cropped", message }];
}
