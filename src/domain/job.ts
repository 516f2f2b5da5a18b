/**
 * Where a job may go next.
 *
 *     draft ──► queued ──► running ──► completed ──► running   (a video asked for afterwards)
 *      │  ▲       │  ▲       │  ▲ └──► failed ─────► queued    (retry)
 *      │  └ new   │  │       │  │      canceled ───► queued    (retry)
 *      │   upload └► paused ◄┘  │
 *      ▼               └────────┘
 *    failed (autostart, and the scene cannot be rendered; a new upload: failed ─► draft)
 *     draft, queued, running, paused ─► canceled
 */
export const JOB_TRANSITIONS = {
  draft: ["queued", "failed", "canceled"],
  queued: ["running", "paused", "failed", "canceled"],
  running: ["completed", "failed", "paused", "canceled"],
  paused: ["queued", "running", "completed", "failed", "canceled"],
  completed: ["running"],
  failed: ["queued", "draft"],
  canceled: ["queued"],
} as const satisfies Record<string, readonly string[]>;

export type JobStatus = keyof typeof JOB_TRANSITIONS;

export const JOB_STATUSES = Object.keys(JOB_TRANSITIONS) as JobStatus[];

/** Says whether a job in `from` may become `to`. */
export function canJobBecome(from: JobStatus, to: JobStatus): boolean {
  return (JOB_TRANSITIONS[from] as readonly JobStatus[]).includes(to);
}

/** A job is ended when nothing of it will happen by itself any more. */
export function isJobEnded(status: JobStatus): boolean {
  return status === "completed" || status === "failed" || status === "canceled";
}

/** What a job delivers: EXR frames alone, or frames and one video made of them. More videos can be asked for afterwards. */
export const JOB_FORMATS = ["EXR", "EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const;
export type JobFormat = (typeof JOB_FORMATS)[number];

/** Where a job may render: `auto` takes a GPU where there is one, `cpu` never, `gpu` fails without one. */
export const DEVICES = ["auto", "cpu", "gpu"] as const;
export type Device = (typeof DEVICES)[number];

/** What a user may say otherwise than the scene does; null means as the scene says. */
export type JobOverrides = {
  mainFile: string | null;
  scene: string | null;
  camera: string | null;
  engine: string | null;
  device: Device;
  samples: number | null;
  resolutionPercentage: number | null;
  blenderVersion: string | null;
  /** Modules of add-ons that are switched on; they must be part of the Blender that renders. */
  addons: readonly string[];
};

export const DEFAULT_PRIORITY = 50;
export const MAX_PRIORITY = 100;

export type Job = JobOverrides & {
  id: number;
  userId: number | null;
  userName: string | null;
  name: string;
  status: JobStatus;
  /** The name of the file that was uploaded, as the user knows it. */
  fileName: string | null;
  /** Frames as the user gave them, or null: then the scene's own range applies once it is read. */
  frames: string | null;
  format: JobFormat;
  priority: number;
  autostart: boolean;
  /** The path of the main .blend inside the project; null until it is known. */
  sceneFile: string | null;
  /** The Blender that saved the file, as X.Y; null until it is read. */
  fileVersion: string | null;
  /** The Blender that its frames are rendered with, fixed by the first lease; null before. */
  blenderUsed: string | null;
  framesTotal: number;
  framesDone: number;
  tasksTotal: number;
  tasksQueued: number;
  tasksLeased: number;
  tasksDone: number;
  tasksFailed: number;
  /** Videos that wait for frames or sound. */
  tasksBlocked: number;
  /** Of all frames and videos together. */
  outputBytes: number;
  /** The size every frame must have in pixels; null until it is known. */
  width: number | null;
  height: number | null;
  /** The version of context.tar; 0 until the first is built. */
  contextVersion: number;
  contextSize: number;
  contextSha256: string | null;
  reason: string | null;
  message: string | null;
  createdAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
};
