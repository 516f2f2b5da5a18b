import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { Task } from "#domain/task.ts";
import type { Chrome } from "#web/chrome.ts";
import type { RunnerRow } from "#web/fragments/runner-table.tsx";
import type { TaskRow } from "#web/fragments/task-table.tsx";

/** What somebody could call anything, to get out of text or of an attribute. */
export const HOSTILE = `<script>alert("1")</script>'"&amp;<img src=x onerror=alert(2)>`;

export const NOON_MS = Date.UTC(2026, 0, 31, 12);

/** A page of a signed-in user. */
export function aChrome(change: Partial<Chrome> = {}): Chrome {
  return { user: { name: "Ann", admin: false }, section: "jobs", assets: "/assets/0", ...change };
}

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

/** A task of one frame that a runner works on. */
export function aTask(change: Partial<Task & TaskRow> = {}): TaskRow {
  return {
    id: 70,
    jobId: 7,
    kind: "render",
    format: null,
    status: "leased",
    frames: "12",
    rank: 3,
    attempt: 1,
    runnerId: 4,
    runnerName: "box",
    failures: 0,
    losses: 0,
    reason: null,
    message: null,
    startedAtMs: NOON_MS - 60_000,
    endedAtMs: null,
    progress: { frame: 12, done: 0, total: 1, sample: 64, samples: 256, memoryBytes: null, encoding: null },
    ...change,
  };
}

/** An uploaded file. */
export function aFile(change: Partial<StoredFile> = {}): StoredFile {
  const file = { id: 3, jobId: 7, kind: "upload", name: "harbour.zip", frame: null, size: 1_843_000_000 } as const;
  return { ...file, sha256: null, createdAtMs: NOON_MS, ...change };
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
    work: [{ jobId: 7, jobName: "Harbour", taskId: 70, frames: "12", progress: null }],
    ...change,
  };
}
