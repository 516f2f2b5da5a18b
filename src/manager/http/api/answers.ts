import { t, type TSchema } from "elysia";
import { CHOICE_KINDS } from "#domain/blender-choice.ts";
import { FAILURE_REASONS } from "#domain/failure.ts";
import { DEVICES, JOB_FORMATS, JOB_STATUSES } from "#domain/job.ts";
import { FILE_KINDS } from "#domain/output.ts";
import { ENCODING_STEPS } from "#domain/progress.ts";
import { ATTEMPT_OUTCOMES, TASK_KINDS, TASK_STATUSES } from "#domain/task.ts";
import { VIDEO_FORMATS } from "#domain/video.ts";
import { WARNING_CODES } from "#domain/warning.ts";

/** What the API answers; `views.ts` makes it. */

export const orNull = <T extends TSchema>(schema: T) => t.Union([schema, t.Null()]);
export const oneWordOf = <const Word extends string>(words: readonly Word[]) =>
  t.Unsafe<Word>(t.Union(words.map((word) => t.Literal(word))));

const id = t.Integer({ minimum: 1 });
export const count = t.Integer({ minimum: 0 });
const text = t.String();
const time = t.String({ format: "date-time" });
const textOrNull = orNull(text);
const timeOrNull = orNull(time);
const named = t.Object({ id, name: text });

/** A page of a list; `nextCursor` asks for the one after it. */
export const pageAnswer = <T extends TSchema>(item: T) => t.Object({ items: t.Array(item), nextCursor: textOrNull });

export const uploadAnswer = t.Object({
  id,
  name: text,
  size: count,
  offset: count,
  jobId: orNull(id),
  createdAt: time,
  expiresAt: time,
});

export const jobAnswer = t.Object({
  id,
  name: text,
  status: oneWordOf(JOB_STATUSES),
  user: orNull(named),
  fileName: textOrNull,
  frames: textOrNull,
  format: oneWordOf(JOB_FORMATS),
  priority: count,
  blenderVersion: textOrNull,
  addons: t.Array(text),
  blender: orNull(
    t.Object({ version: textOrNull, kind: orNull(oneWordOf(CHOICE_KINDS)), reason: text, warning: textOrNull }),
  ),
  mainFile: textOrNull,
  scene: textOrNull,
  camera: textOrNull,
  engine: textOrNull,
  device: oneWordOf(DEVICES),
  samples: orNull(t.Integer()),
  resolutionPercentage: orNull(t.Integer()),
  autostart: t.Boolean(),
  progress: t.Object({
    frames: count,
    framesDone: count,
    tasks: count,
    tasksDone: count,
    tasksFailed: count,
    percent: t.Number(),
    etaSeconds: orNull(t.Number()),
  }),
  warnings: t.Array(t.Object({ code: oneWordOf(WARNING_CODES), message: text })),
  reason: textOrNull,
  message: textOrNull,
  createdAt: time,
  startedAt: timeOrNull,
  endedAt: timeOrNull,
});

export const progressAnswer = t.Object({
  frame: orNull(t.Integer()),
  done: count,
  total: count,
  sample: orNull(count),
  samples: orNull(count),
  memoryBytes: orNull(count),
  encoding: orNull(
    t.Object({
      step: oneWordOf(ENCODING_STEPS),
      pass: orNull(t.Integer()),
      fraction: t.Number(),
      secondsLeft: orNull(t.Number()),
    }),
  ),
});

export const taskAnswer = t.Object({
  id,
  kind: oneWordOf(TASK_KINDS),
  format: orNull(oneWordOf(VIDEO_FORMATS)),
  frames: text,
  status: oneWordOf(TASK_STATUSES),
  attempt: count,
  runner: orNull(named),
  progress: orNull(progressAnswer),
  reason: orNull(oneWordOf(FAILURE_REASONS)),
  message: textOrNull,
  advice: textOrNull,
  failures: count,
  startedAt: timeOrNull,
  endedAt: timeOrNull,
});

const attempt = t.Object({
  attempt: id,
  runner: text,
  outcome: oneWordOf(ATTEMPT_OUTCOMES),
  reason: orNull(oneWordOf(FAILURE_REASONS)),
  message: textOrNull,
  startedAt: time,
  endedAt: timeOrNull,
});
export const taskWithAttemptsAnswer = t.Object({ ...taskAnswer.properties, attempts: t.Array(attempt) });

export const fileAnswer = t.Object({
  id,
  name: text,
  size: count,
  sha256: textOrNull,
  createdAt: time,
  url: text,
  previewUrl: text,
});

export const outputAnswer = t.Object({
  ...fileAnswer.properties,
  kind: oneWordOf(FILE_KINDS),
  frame: orNull(t.Integer()),
});

export const videoAnswer = t.Object({
  format: oneWordOf(VIDEO_FORMATS),
  taskId: id,
  status: oneWordOf(TASK_STATUSES),
  fraction: t.Number(),
  secondsLeft: orNull(t.Number()),
  files: t.Array(outputAnswer),
});

const scene = t.Object({
  name: text,
  frameStart: t.Integer(),
  frameEnd: t.Integer(),
  frameStep: t.Integer(),
  fps: t.Number(),
  fpsBase: t.Number(),
  resolutionX: t.Integer(),
  resolutionY: t.Integer(),
  resolutionPercentage: t.Number(),
  cropped: t.Boolean(),
  engine: text,
  samples: orNull(t.Number()),
  camera: textOrNull,
  cameras: t.Array(text),
  cameraMarkers: t.Array(t.Object({ frame: t.Integer(), camera: text })),
  viewLayers: t.Array(t.Object({ name: text, use: t.Boolean() })),
  transparent: t.Boolean(),
  multiview: t.Boolean(),
  sequencer: t.Boolean(),
  hasSound: t.Boolean(),
  outputFormat: textOrNull,
  color: t.Object({
    display: textOrNull,
    view: textOrNull,
    look: textOrNull,
    exposure: t.Number(),
    gamma: t.Number(),
  }),
});

/** What was read of a scene. It comes out of files that other programs wrote, so it is only described, and not checked once more. */
export const metadataAnswer = t.Object({
  source: oneWordOf(["file", "blender"]),
  final: t.Boolean(),
  mainFile: text,
  blendFiles: t.Array(text),
  blenderVersion: text,
  activeScene: text,
  scenes: t.Array(scene),
  files: t.Array(
    t.Object({
      kind: text,
      name: text,
      path: text,
      packed: t.Boolean(),
      missing: t.Boolean(),
      nearMatch: textOrNull,
    }),
  ),
  scripts: t.Array(text),
  unbakedPhysics: t.Array(text),
  hasThumbnail: t.Boolean(),
});
