import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobFormat } from "#domain/job.ts";
import type { SceneInfo } from "#domain/scene.ts";
import { isVideoFormat, type VideoFormat } from "#domain/video.ts";
import { PROTOCOL_VERSION } from "#domain/lease.ts";
import { planRenderTasks } from "#domain/plan.ts";
import { parseFrames } from "#domain/frames.ts";
import { createGroupCommit } from "#manager/db/group-commit.ts";
import { insertJob, setJobContext, setJobMetadata, setJobPlan, setJobStatus } from "#manager/db/jobs.ts";
import { setSetting } from "#manager/db/settings.ts";
import { openDatabase } from "#manager/db/open.ts";
import { insertRenderTasks } from "#manager/db/tasks.ts";
import { insertUser } from "#manager/db/users.ts";
import { createAdditions } from "#manager/services/blender-additions.ts";
import { createBackgroundWork } from "#manager/services/background.ts";
import { createEvents } from "#manager/services/events.ts";
import type { Farm } from "#manager/services/farm.ts";
import { createKeyedLock } from "#manager/services/keyed-lock.ts";
import { createLeaseTable } from "#manager/services/lease-table.ts";
import { createAccess } from "#manager/services/access.ts";
import { createReadyIndex } from "#manager/services/ready-index.ts";
import { refreshJob } from "#manager/services/rebuild.ts";
import { createRunnerTable, type LiveRunner } from "#manager/services/runner-table.ts";
import { registerRunner } from "#manager/services/runners.ts";
import type { SceneTools } from "#manager/services/scene-tools.ts";
import { planVideo } from "#manager/services/videos.ts";
import { createSignal } from "#manager/services/signal.ts";
import { createTakeover } from "#manager/services/takeover.ts";
import { openLayout } from "#manager/storage/layout.ts";
import type { Clock } from "#system/clock.ts";
import { silentLog } from "#system/log.ts";
import { aMetadata, aScene } from "./metadata.ts";

/** A clock that stands still until a test moves it on; both of its times move together. */
export type FakeClock = Clock & { advance: (seconds: number) => void };

export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => 1000 + elapsedMs,
    advance: (seconds) => void (elapsedMs += seconds * 1000),
  };
}

export type MemoryFarm = Farm & {
  clock: FakeClock;
  /** Says to all that the manager stops. */
  stop: () => void;
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** Where a farm lies that is to outlive the test's own, and when it begins. */
export type FarmPlace = { folder?: string; startMs?: number };

/**
 * A farm without a server: a real database and storage in a temporary folder, a clock that the test moves, no programs. In a folder that is
 * given, it stays: `farm.db` and `storage/`, for a manager that is started there.
 */
export async function memoryFarm(tools: Partial<SceneTools> = {}, place: FarmPlace = {}): Promise<MemoryFarm> {
  const folder = place.folder ?? mkdtempSync(join(tmpdir(), "jiggablend-test-"));
  const db = openDatabase(join(folder, "farm.db"));
  db.run("PRAGMA synchronous = OFF");
  setSetting(db, "blender-download", "off"); // no test asks the release site
  const clock = fakeClock(place.startMs);
  const log = silentLog();
  const stopping = new AbortController();
  const background = createBackgroundWork(log);
  const none = () => Promise.reject(new Error("this test has no such program"));
  return {
    db,
    clock,
    log,
    background,
    commit: createGroupCommit(db),
    storage: await openLayout(join(folder, "storage")),
    leases: createLeaseTable(),
    runners: createRunnerTable(),
    ready: createReadyIndex(),
    work: createSignal(),
    events: createEvents(clock),
    tools: {
      sandbox: { kind: "none", detail: "a test" },
      installed: [],
      readBlend: none,
      hashFile: none,
      makePreview: none,
      shrinkPreview: none,
      readWithBlender: null,
      ...tools,
    },
    additions: createAdditions(),
    intake: createKeyedLock(),
    uploads: createTakeover(),
    blenderReading: createKeyedLock(),
    previews: createKeyedLock(),
    access: createAccess(db, clock),
    stopping: stopping.signal,
    stop: () => stopping.abort(),
    loopbackOnly: true,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await background.settled();
      db.close(false);
      if (place.folder === undefined) rmSync(folder, { recursive: true });
    },
  };
}

/** Adds a user; returns the id. */
export function addTestUser(farm: Farm, email: string, admin = false): number {
  return insertUser(farm.db, {
    email,
    name: email.split("@")[0]!,
    passwordHash: null,
    admin,
    emailVerified: true,
    localOnly: false,
    createdAtMs: farm.clock.nowMs(),
  })!;
}

export type TestJob = {
  name?: string;
  blenderVersion?: string;
  userId?: number | null;
  frames?: string;
  framesPerTask?: number;
  priority?: number;
  fileVersion?: string;
  format?: JobFormat;
  /** The scene, where it is not to be a usual one. */
  scene?: Partial<SceneInfo>;
};

/** Adds a job that is queued with its tasks; returns the id. */
export function addQueuedJob(farm: Farm, job: TestJob = {}): number {
  const {
    name = "Job",
    userId = null,
    frames = "1-10",
    framesPerTask = 1,
    priority = 50,
    fileVersion = "3.4",
    blenderVersion = null,
    format = "EXR",
    scene = {},
  } = job;
  const wishes = {
    mainFile: null,
    scene: null,
    camera: null,
    engine: null,
    samples: null,
    resolutionPercentage: null,
    blenderVersion,
    addons: [],
  };
  const created = {
    userId,
    name,
    frames,
    format,
    priority,
    autostart: true,
    device: "auto",
    createdAtMs: farm.clock.nowMs(),
  } as const;
  const id = insertJob(farm.db, { ...wishes, ...created });
  setJobMetadata(farm.db, id, aMetadata({ blenderVersion: fileVersion, scenes: [aScene(scene)] }));
  setJobContext(farm.db, id, { version: 1, size: 1024, sha256: "00" });
  const numbers = parseFrames(frames);
  setJobPlan(farm.db, id, { frames, framesTotal: numbers.length, width: 64, height: 36 });
  insertRenderTasks(farm.db, id, planRenderTasks(numbers, framesPerTask));
  if (isVideoFormat(format)) planVideo(farm, { id, frames, scene: null }, format);
  setJobStatus(farm.db, id, "queued");
  refreshJob(farm, id);
  return id;
}

/** Registers a runner with a Blender 3.4.1; `ownerId` makes it one of a user's own key. */
export async function addTestRunner(
  farm: Farm,
  name: string,
  more: {
    ownerId?: number;
    instanceId?: string;
    blender?: string | null;
    fetchesBlender?: boolean;
    videoFormats?: VideoFormat[];
  } = {},
): Promise<LiveRunner> {
  const { ownerId = null, instanceId = `instance-${name}`, blender = "3.4.1", fetchesBlender = false } = more;
  const { videoFormats = [] } = more;
  const capabilities = {
    hostname: name,
    cores: 4,
    memoryBytes: 8e9,
    gpus: [],
    blenders: blender === null ? [] : [{ version: blender, denoiser: true, gpus: [] }],
    fetchesBlender,
    encoders: [],
    videoFormats,
    sandbox: "bubblewrap",
    version: "test",
  };
  const key = { keyId: 1, ownerId };
  const runner = await registerRunner(farm, {
    key,
    protocol: PROTOCOL_VERSION,
    name,
    instanceId,
    address: "127.0.0.1",
    capabilities,
  });
  return farm.runners.get(runner.id)!;
}
