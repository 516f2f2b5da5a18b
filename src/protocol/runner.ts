import { t, type Static } from "elysia";
import { MAX_SLOTS, MAX_WAIT_SECONDS } from "#domain/lease.ts";
import { FAILURE_REASONS } from "#domain/failure.ts";
import { WARNING_CODES } from "#domain/warning.ts";
import { DEVICES } from "#domain/job.ts";
import { ENCODING_STEPS } from "#domain/progress.ts";
import { VIDEO_FORMATS } from "#domain/video.ts";
import { oneOf } from "./one-of.ts";

/** Which runner is calling, on every route but `register`: its id, and the instance of its process, as `<runner id>.<instance id>`. */
export const RUNNER_HEADER = "x-jiggablend-runner";

const gpu = t.Object({ name: t.String({ maxLength: 200 }), type: t.String({ maxLength: 40 }) });

const blender = t.Object({
  version: t.String({ maxLength: 40 }),
  denoiser: t.Boolean(),
  gpus: t.Array(gpu, { maxItems: 64 }),
});

const count = t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const registerBody = t.Object({
  protocol: t.Integer(),
  name: t.String({ minLength: 1, maxLength: 100 }),
  instanceId: t.String({ pattern: "^[A-Za-z0-9_-]{8,64}$" }),
  hostname: t.String({ maxLength: 255 }),
  cores: t.Integer({ minimum: 1, maximum: 4096 }),
  memoryBytes: count,
  gpus: t.Array(gpu, { maxItems: 64 }),
  blenders: t.Array(blender, { maxItems: 200 }),
  /** Whether it fetches the Blenders that it lacks from the manager. */
  fetchesBlender: t.Optional(t.Boolean()),
  /** Versions that it has fetched and that do not start there. */
  brokenBlenders: t.Optional(t.Array(t.String({ maxLength: 40 }), { maxItems: 200 })),
  encoders: t.Array(t.String({ maxLength: 60 }), { maxItems: 200 }),
  /** The formats of which this machine can make videos; none unless given. */
  videoFormats: t.Optional(t.Array(oneOf(VIDEO_FORMATS), { maxItems: VIDEO_FORMATS.length })),
  sandbox: t.String({ maxLength: 100 }),
  version: t.String({ maxLength: 100 }),
});
export type RegisterBody = Static<typeof registerBody>;

export const registerAnswer = t.Object({
  runnerId: t.Integer(),
  name: t.String(),
  protocol: t.Integer(),
  heartbeatSeconds: t.Number(),
  leaseSeconds: t.Number(),
});
export type RegisterAnswer = Static<typeof registerAnswer>;

const nullable = <T extends Parameters<typeof t.Union>[0][number]>(schema: T) => t.Union([schema, t.Null()]);

const taskProgress = t.Object({
  frame: nullable(t.Integer()),
  done: count,
  total: count,
  sample: nullable(count),
  samples: nullable(count),
  memoryBytes: nullable(count),
  encoding: nullable(
    t.Object({
      step: oneOf(ENCODING_STEPS),
      pass: nullable(t.Integer({ minimum: 1, maximum: 2 })),
      fraction: t.Number({ minimum: 0, maximum: 1 }),
      secondsLeft: nullable(t.Number({ minimum: 0 })),
    }),
  ),
});

const fence = { id: t.Integer({ minimum: 1 }), attempt: t.Integer({ minimum: 1 }) };

export const heartbeatBody = t.Object({
  tasks: t.Array(t.Object({ ...fence, progress: t.Optional(taskProgress) }), { maxItems: MAX_SLOTS }),
  draining: t.Boolean(),
  /** The process ends with this call: it is offline at once, and what it may still hold returns to the queue. */
  goodbye: t.Optional(t.Boolean()),
  /** The runner's Blenders, and those that do not start there; only when they have changed. */
  blenders: t.Optional(t.Array(blender, { maxItems: 200 })),
  brokenBlenders: t.Optional(t.Array(t.String({ maxLength: 40 }), { maxItems: 200 })),
});
export type HeartbeatBody = Static<typeof heartbeatBody>;

export const heartbeatAnswer = t.Object({
  /** Leases of the list that are not the runner's any more; it ends them at once. */
  abandon: t.Array(t.Object({ ...fence, why: t.String() })),
  /** An admin asks the runner to finish and to take nothing new. */
  drain: t.Boolean(),
});
export type HeartbeatAnswer = Static<typeof heartbeatAnswer>;

export const tasksQuery = t.Object({
  wait: t.Optional(t.Numeric({ minimum: 0, maximum: MAX_WAIT_SECONDS })),
  slots: t.Optional(t.Integer({ minimum: 0, maximum: MAX_SLOTS })),
  holding: t.Optional(t.String({ maxLength: 4000, pattern: "^(\\d+\\.\\d+(,\\d+\\.\\d+)*)?$" })),
});

const renderOrder = t.Object({
  /** Path of the .blend inside the project. */
  mainFile: t.String(),
  scene: nullable(t.String()),
  camera: nullable(t.String()),
  engine: nullable(t.String()),
  device: oneOf(DEVICES),
  samples: nullable(t.Integer()),
  resolutionPercentage: nullable(t.Integer()),
  /** Modules of add-ons to switch on; they are part of the Blender, or the task fails. */
  addons: t.Array(t.String()),
});

const lease = { id: t.Integer(), jobId: t.Integer(), jobName: t.String(), attempt: t.Integer() };

/** The project to work from; `version` grows when files are added, `size` is that of context.tar in bytes. */
const context = t.Object({ version: t.Integer(), size: t.Integer(), sha256: t.String() });

/** The packed Blender of the version to use, where the manager has it: bytes, and what it takes unpacked. */
const packedBlender = nullable(t.Object({ size: t.Integer(), sha256: t.String(), unpackedBytes: t.Integer() }));

const leasedRender = t.Object({
  ...lease,
  kind: t.Literal("render"),
  /** The frames still to render, as in `1-4,7`; those already filed are left out. */
  frames: t.String(),
  /** The Blender to use: one of those the runner told of, or one to fetch. */
  blenderVersion: t.String(),
  blender: packedBlender,
  order: renderOrder,
  context,
  /** Seconds that one frame may take; null for no limit. */
  frameTimeLimitSeconds: nullable(t.Number()),
});
export type LeasedRender = Static<typeof leasedRender>;

const leasedSound = t.Object({
  ...lease,
  kind: t.Literal("sound"),
  frames: t.String(),
  /** The sound begins with the first of these, and ends with the last. */
  firstFrame: t.Integer(),
  lastFrame: t.Integer(),
  blenderVersion: t.String(),
  blender: packedBlender,
  order: t.Pick(renderOrder, ["mainFile", "scene", "addons"]),
  context,
});
export type LeasedSound = Static<typeof leasedSound>;

/** In seconds. */
const soundSpan = t.Object({ startSeconds: t.Number(), seconds: t.Number() });

const leasedEncode = t.Object({
  ...lease,
  kind: t.Literal("encode"),
  /** All frames of the video, in the order in which they are shown; `pictures` tells of their files. */
  frames: t.String(),
  format: oneOf(VIDEO_FORMATS),
  rate: t.Object({ numerator: t.Integer({ minimum: 1 }), denominator: t.Integer({ minimum: 1 }) }),
  /** The exposure of the scene's view, in stops. */
  exposure: t.Number(),
  /** An output of the job that begins with the first frame, and what of it is heard; null for a silent video. */
  sound: nullable(
    t.Object({ name: t.String(), size: t.Integer(), sha256: t.String(), spans: nullable(t.Array(soundSpan)) }),
  ),
});
export type LeasedEncode = Static<typeof leasedEncode>;

export const leasedTask = t.Union([leasedRender, leasedSound, leasedEncode]);
export type LeasedTask = Static<typeof leasedTask>;

/** Query of a page of a video's frames: those after the frame `after`. */
export const picturesQuery = t.Object({
  attempt: t.Integer({ minimum: 1 }),
  after: t.Integer({ minimum: -1 }),
  limit: t.Integer({ minimum: 1, maximum: 1000 }),
});
export type PicturesQuery = Static<typeof picturesQuery>;

/** The main picture of each frame, an output of the job. */
export const picturesAnswer = t.Object({
  items: t.Array(t.Object({ frame: t.Integer(), name: t.String(), size: t.Integer(), sha256: t.String() })),
});
export type Pictures = Static<typeof picturesAnswer>;

export const tasksAnswer = t.Object({ tasks: t.Array(leasedTask) });
export type TasksAnswer = Static<typeof tasksAnswer>;

const warning = t.Object({ code: oneOf(WARNING_CODES), message: t.String({ maxLength: 2000 }) });

export const completeBody = t.Object({
  attempt: t.Integer({ minimum: 1 }),
  ok: t.Boolean(),
  /** Why it failed; required when `ok` is false and the task is not given back. */
  reason: t.Optional(oneOf(FAILURE_REASONS)),
  message: t.Optional(t.String({ maxLength: 4000 })),
  /** The runner stops and returns the task unfinished; this never counts as a try. */
  givenBack: t.Optional(t.Boolean()),
  warnings: t.Optional(t.Array(warning, { maxItems: 200 })),
});
export type CompleteBody = Static<typeof completeBody>;

/**
 * Query of an upload. Without `frame` it is a video or its sound; `of` is the number of files that the frame or the video consists of: more
 * than 1 with stereo and File Output nodes, and for a video with its copy for browsers.
 */
export const uploadQuery = t.Object({
  taskId: t.Integer({ minimum: 1 }),
  attempt: t.Integer({ minimum: 1 }),
  frame: t.Optional(t.Integer({ minimum: 0 })),
  name: t.String({ minLength: 1, maxLength: 200 }),
  of: t.Optional(t.Integer({ minimum: 1, maximum: 1000 })),
});
export type UploadQuery = Static<typeof uploadQuery>;

export const uploadAnswer = t.Object({ id: t.Integer(), name: t.String(), alreadyFiled: t.Boolean() });
export type UploadAnswer = Static<typeof uploadAnswer>;

/** Query of a piece of an attempt's log: the raw body is appended at byte `offset`; a piece that is already there is ignored. */
export const logQuery = t.Object({ attempt: t.Integer({ minimum: 1 }), offset: t.Integer({ minimum: 0 }) });
export type LogQuery = Static<typeof logQuery>;
