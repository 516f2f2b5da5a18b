import { AppError } from "#domain/app-error.ts";
import { frameName, frameNumber, parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { isMainPicture, isOutputName } from "#domain/output.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { addHourlyRunnerFrame } from "#manager/db/figures.ts";
import { addFramesDone, setJobSize } from "#manager/db/jobs.ts";
import { getOutputByName, insertFrame, isFrameWhole } from "#manager/db/outputs.ts";
import { addRunnerFrames } from "#manager/db/runners.ts";
import { getTask } from "#manager/db/tasks.ts";
import { openFileSource } from "#manager/storage/file-source.ts";
import { outputPath } from "#manager/storage/layout.ts";
import { receiveFile, type ReceivedFile } from "#manager/storage/receive.ts";
import { checkExr, type ExrSummary } from "#formats/exr/check.ts";
import { ExrError } from "#formats/exr/error.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { writingFor } from "./removing-files.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Larger than any frame: 16K in 32-bit float with a dozen passes. */
const MAX_FRAME_BYTES = 16 * 1024 ** 3;

export type SentFrame = {
  jobId: number;
  taskId: number;
  attempt: number;
  frame: number;
  name: string;
  /** How many files this frame consists of. */
  parts: number;
  /** What the runner says of the content, as hex. */
  sha256: string;
  content: AsyncIterable<Uint8Array>;
};

export type FiledFrame = { id: number; name: string; alreadyFiled: boolean };

/**
 * Takes in a rendered frame: received whole, its hash and the EXR itself checked, then filed for good. Accepted from whoever had a lease
 * of the task, also when it has just run out: the pixels are good. A later copy is answered as filed already.
 * Throws `not_found`, `bad_frame`, `wrong_digest`, `upload_incomplete`, `disk_full`.
 */
export async function fileFrame(farm: Farm, runner: LiveRunner, sent: SentFrame): Promise<FiledFrame> {
  const job = mustGetJob(farm, sent.jobId);
  checkBelongs(farm, runner, sent);
  const filed = getOutputByName(farm.db, job.id, sent.name);
  if (filed) return { id: filed.id, name: filed.name, alreadyFiled: true };
  await using received = await receiveFile(farm.storage, sent.content, { maxBytes: MAX_FRAME_BYTES, sha256: true });
  if (received.sha256 !== sent.sha256)
    throw new AppError(
      "wrong_digest",
      `The SHA-256 of what arrived is ${received.sha256}, not ${sent.sha256}; send it again.`,
    );
  const size = sent.name.endsWith(".exr") ? await checkPicture(job, sent, received) : null;
  await received.commitTo(outputPath(farm.storage, job.id, sent.name));
  const { frame, name, parts, sha256 } = sent;
  const filing = farm.commit.write(() => {
    mustGetJob(farm, job.id);
    const row = { jobId: job.id, name, frame, parts, size: received.size, sha256, createdAtMs: farm.clock.nowMs() };
    const id = insertFrame(farm.db, row);
    if (id === null) return { id: getOutputByName(farm.db, job.id, name)!.id, name, alreadyFiled: true };
    tellOf(farm, { type: "output", jobId: job.id, fileId: id });
    tellOf(farm, { type: "job", jobId: job.id });
    if (size && job.width === null) setJobSize(farm.db, job.id, size.width, size.height);
    if (isFrameWhole(farm.db, job.id, frame)) {
      addFramesDone(farm.db, job.id, 1);
      addRunnerFrames(farm.db, runner.id, 1);
      addHourlyRunnerFrame(farm.db, runner.id, farm.clock.nowMs());
    }
    return { id, name, alreadyFiled: false };
  });
  return writingFor(farm, job.id, filing);
}

function checkBelongs(farm: Farm, runner: LiveRunner, sent: SentFrame): void {
  const task = getTask(farm.db, sent.taskId);
  const attempt = getAttempt(farm.db, sent.taskId, sent.attempt);
  if (task?.kind !== "render" || task.jobId !== sent.jobId || attempt?.runnerId !== runner.id)
    throw new AppError(
      "not_found",
      `This runner never had attempt ${sent.attempt} of task ${sent.taskId} of job ${sent.jobId}.`,
    );
  if (!parseFrames(task.frames).includes(sent.frame))
    throw new AppError("bad_frame", `Frame ${sent.frame} is not of task ${task.id}, which has ${task.frames}.`);
  const stem = `frame_${frameNumber(sent.frame)}`;
  if (!isOutputName(sent.name) || !sent.name.startsWith(stem) || !/^[._]/.test(sent.name.slice(stem.length)))
    throw new AppError(
      "bad_frame",
      `A file of frame ${sent.frame} is named ${frameName(sent.frame)} or ${stem}.<more>, not "${sent.name}".`,
    );
}

/** Reads the EXR itself; returns the size of a frame's own picture, and null for the files beside it. */
async function checkPicture(
  job: Job,
  sent: SentFrame,
  received: ReceivedFile,
): Promise<{ width: number; height: number } | null> {
  const summary = await readPicture(received.path);
  if (!isMainPicture(sent.name)) return null;
  const { width, height } = summary;
  const missing = ["R", "G", "B", "A"].filter((channel) => !summary.channels.some(({ name }) => name === channel));
  if (missing.length > 0) throw new AppError("bad_frame", `The EXR has no channel ${missing.join(", ")}.`);
  if (job.width !== null && job.height !== null && (width !== job.width || height !== job.height))
    throw new AppError(
      "bad_frame",
      `The frame is ${width} x ${height} pixels, but the job's frames are ${job.width} x ${job.height}.`,
    );
  return { width, height };
}

async function readPicture(path: string): Promise<ExrSummary> {
  await using source = await openFileSource(path);
  try {
    return await checkExr(source);
  } catch (error) {
    if (error instanceof ExrError)
      throw new AppError("bad_frame", `The EXR is not whole: ${error.message}`, { cause: error });
    throw error;
  }
}
