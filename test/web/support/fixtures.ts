import type { StoredFile } from "#domain/output.ts";
import type { Job } from "#domain/job.ts";
import type { RunnerRow } from "#web/fragments/runner-table.tsx";
import type { TaskRow } from "#web/fragments/task-table.tsx";

/**
 * What somebody could call anything, to get out of text or of an attribute: a scheme that runs, tags, quotes, references, what templates
 * and scripts replace, marks that turn the direction around, a picture of two code units, and no end.
 */
export const HOSTILE = `javascript:alert(0)//<script>alert("1")</script>'"&amp;{{7*7}}\${7*7}\u202E\u{1F3AC}<img src=x onerror=alert(2)>${"W".repeat(150)}`;

/** The same as an address that is taken for one. */
export const HOSTILE_EMAIL = `<img/src=x/onerror=alert(3)>"'@example.com`;

export const NOON_MS = Date.UTC(2026, 0, 31, 12);

/** A job with 480 frames of which 123 are done, but for what a test says otherwise. */
export function aJob(change: Partial<Job> = {}): Job {
  return {
    id: 7,
    userId: 1,
    userName: "Ann",
    name: "Harbour",
    status: "running",
    fileName: "harbour.blend",
    sceneFile: "harbour.blend",
    frames: "1-480",
    format: "EXR",
    priority: 50,
    autostart: true,
    fileVersion: "4.3",
    mainFile: null,
    scene: null,
    camera: null,
    engine: null,
    device: "auto",
    samples: null,
    resolutionPercentage: null,
    blenderVersion: null,
    addons: [],
    blenderUsed: null,
    framesTotal: 480,
    framesDone: 123,
    tasksTotal: 480,
    tasksQueued: 355,
    tasksLeased: 2,
    tasksDone: 123,
    tasksFailed: 0,
    tasksBlocked: 0,
    outputBytes: 2_460_000_000,
    width: 1920,
    height: 1080,
    contextVersion: 1,
    contextSize: 1,
    contextSha256: "00",
    reason: null,
    message: null,
    createdAtMs: NOON_MS - 7_200_000,
    startedAtMs: NOON_MS - 3_600_000,
    endedAtMs: null,
    ...change,
  };
}

/** A runner that renders. */
export function aRunner(change: Partial<RunnerRow> = {}): RunnerRow {
  return {
    id: 4,
    ownerId: null,
    name: "box",
    status: "online",
    instanceId: "instance-box",
    address: "192.0.2.7",
    capabilities: {
      hostname: "box.local",
      cores: 64,
      memoryBytes: 256e9,
      gpus: [{ name: "RTX 4090", type: "OPTIX" }],
      blenders: [{ version: "4.3.2", denoiser: true, gpus: [] }],
      encoders: [],
      videoFormats: [],
      sandbox: "bubblewrap",
      version: "0.1.0",
    },
    framesDone: 1234,
    createdAtMs: NOON_MS,
    lastSeenAtMs: NOON_MS,
    ownerName: null,
    meanFrameSeconds: 12.5,
    work: [{ jobId: 7, jobName: "Harbour", taskId: 70, frames: "12", progress: null }],
    ...change,
  };
}

/** An uploaded file. */
export function aFile(change: Partial<StoredFile> = {}): StoredFile {
  const file = { id: 3, jobId: 7, kind: "upload", name: "harbour.zip", frame: null, size: 1_843_000_000 } as const;
  return { ...file, sha256: null, createdAtMs: NOON_MS, ...change };
}

/** Frame 5 of a job, at which a runner has been for a minute. */
export function aTaskRow(change: Partial<TaskRow> = {}): TaskRow {
  return {
    ...{ id: 70, jobId: 7, kind: "render", format: null, status: "leased", frames: "5", rank: 5, attempt: 1 },
    ...{ runnerId: 4, runnerName: "box", progress: null, failures: 0, losses: 0, reason: null, message: null },
    ...{ startedAtMs: NOON_MS - 60_000, endedAtMs: null },
    ...change,
  };
}
