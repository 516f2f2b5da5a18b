import { t } from "elysia";
import { RUNNER_STATUSES } from "#domain/runner.ts";
import { VIDEO_FORMATS } from "#domain/video.ts";
import { count, oneWordOf, orNull, progressAnswer } from "./answers.ts";

const text = t.String();
const id = t.Integer({ minimum: 1 });
const gpu = t.Object({ name: text, type: text });

export const runnerAnswer = t.Object({
  id,
  name: text,
  owner: orNull(t.Object({ id })),
  status: oneWordOf(RUNNER_STATUSES),
  address: text,
  hostname: text,
  version: text,
  sandbox: text,
  cores: count,
  memoryBytes: count,
  gpus: t.Array(gpu),
  blenders: t.Array(t.Object({ version: text, denoiser: t.Boolean(), gpus: t.Array(gpu) })),
  encoders: t.Array(text),
  videoFormats: t.Array(oneWordOf(VIDEO_FORMATS)),
  framesDone: count,
  work: t.Array(t.Object({ jobId: id, jobName: text, taskId: id, frames: text, progress: orNull(progressAnswer) })),
  createdAt: t.String({ format: "date-time" }),
  lastSeenAt: t.String({ format: "date-time" }),
});

export const settingsAnswer = t.Object({
  items: t.Array(t.Object({ name: text, value: text, description: text })),
});

export const manyAnswer = t.Object({
  done: t.Array(id),
  refused: t.Array(t.Object({ id, code: text, message: text })),
});

const share = { id: orNull(id), name: orNull(text), frames: count };

export const statsAnswer = t.Object({
  queue: t.Object({ jobs: count, tasksQueued: count, tasksLeased: count, framesLeft: t.Integer() }),
  runners: t.Object({ total: count, online: count, busy: count, utilization: t.Number() }),
  framesPerHour: count,
  hours: t.Array(t.Object({ start: t.String({ format: "date-time" }), frames: count, failures: count })),
  failures: t.Record(text, count),
  users: t.Array(t.Object(share)),
  runnerShares: t.Array(t.Object({ ...share, busySeconds: count })),
  storage: t.Object({
    uploadBytes: t.Number(),
    frameBytes: t.Number(),
    videoBytes: t.Number(),
    framesFiled: t.Number(),
    bytesFiled: t.Number(),
    freeBytes: t.Number(),
    totalBytes: t.Number(),
  }),
});
