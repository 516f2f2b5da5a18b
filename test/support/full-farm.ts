import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PROTOCOL_VERSION } from "#domain/lease.ts";
import type { RunnerCapabilities } from "#domain/runner.ts";
import { addWarnings } from "#manager/db/job-warnings.ts";
import { insertIdentity } from "#manager/db/identities.ts";
import { insertUpload, setFileSha256 } from "#manager/db/files.ts";
import { addFramesDone, setJobFileName, setJobMetadata, setJobStatus } from "#manager/db/jobs.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { getUser, insertUser, updateUser } from "#manager/db/users.ts";
import { addUser } from "#manager/services/accounts.ts";
import { endTask, type TaskEnd } from "#manager/services/completing.ts";
import { cancelJob, pauseJob } from "#manager/services/job-control.ts";
import { addKey } from "#manager/services/keys.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { heartbeat, reap, registerRunner, type RunnerIntroduction } from "#manager/services/runners.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { openSession } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { takeSample } from "#manager/services/stats-history.ts";
import { attemptLogPath, outputPath } from "#manager/storage/layout.ts";
import { RGBA, sized, writeExr } from "./exr-writer.ts";
import { aMetadata, aScene } from "./metadata.ts";
import { addQueuedJob, type MemoryFarm } from "./memory-farm.ts";

export const BOSS = { email: "boss@example.com", password: "a long password of the boss" };
export const ANN = { email: "ann@example.com", password: "a long password of Ann's" };

/** What the full farm holds, for tests to go to. */
export type FullFarm = {
  bossId: number;
  annId: number;
  benId: number;
  jobs: Record<"draft" | "queued" | "running" | "paused" | "completed" | "failed" | "canceled", number>;
  failedTask: number;
  /** A task of each job that has any, in the job's own state. */
  tasks: Record<"queued" | "running" | "completed" | "failed" | "canceled", number>;
  /** By which Ann may choose a password. */
  resetToken: string;
  /** The runner that holds leases; its key and instance speak for it to a manager that is started on the same folder. */
  busy: { id: number; key: string; instanceId: string; holds: { id: number; attempt: number }[] };
  idle: number;
  offline: number;
};

export type FullFarmOptions = {
  /** What something is called that users name as they like: a job, a file, a host. */
  say?: (plain: string) => string;
  /** An address that somebody has. */
  sayEmail?: (plain: string) => string;
  /** Of the jobs with the most frames. */
  frames?: number;
};

/** Fills a farm with everything that a page can show: users, keys, runners, jobs in every state, a day of work, failures, logs. */
export async function fillFarm(farm: MemoryFarm, options: FullFarmOptions = {}): Promise<FullFarm> {
  const { say = (plain) => plain, sayEmail = (plain) => plain, frames = 24 } = options;
  changeSetting(farm, "localauth", "on");
  const users = await addUsers(farm, say, sayEmail);
  const { annId, benId } = users;
  const key = addKey(farm, { name: "render-boxes", scope: "manager", userEmail: null });
  for (const [name, userEmail] of [
    ["pipeline", ANN.email],
    ["my scripts", BOSS.email],
  ] as const) {
    addKey(farm, { name, scope: "user", userEmail });
    farm.db.run("UPDATE api_keys SET name = ? WHERE name = ?", [say(name), name]);
  }

  const offline = await addRunner(farm, say, "attic", { ownerId: benId, gpus: [] });
  farm.clock.advance(60);
  await reap(farm);
  const busy = await addRunner(farm, say, "render-01", { slots: 2 });
  const idle = await addRunner(farm, say, "render-02", { gpus: [], sandbox: say("none: no user namespaces here") });

  const job = (name: string, length: number) => {
    const id = addQueuedJob(farm, { name: say(name), userId: annId, frames: `1-${length}` });
    describeJob(farm, id, say);
    return id;
  };
  const completed = job("Harbour at dawn", frames);
  for (let frame = 1; frame <= frames; frame++) await complete(farm, busy, frame * 97);
  const failed = job("Castle", 3);
  const failedTask = await failFrames(farm, [busy, idle], say);
  const canceled = job("Test of the smoke", 12);
  await cancelJob(farm, canceled);
  const running = job("Harbour at night", frames * 2);
  for (let frame = 1; frame <= frames; frame++) await complete(farm, busy, 131);
  const held = await take(farm, busy, 2);
  await hearOf(farm, busy, held);
  const paused = job("Rain on the roof", 250);
  await pauseJob(farm, paused);
  const queued = job("Dust, third try", 1200);
  const draft = addQueuedJob(farm, { name: say("Meadow"), userId: annId, frames: "1-48" });
  describeJob(farm, draft, say);
  farm.db.run("DELETE FROM tasks WHERE job_id = ?", [draft]);
  setJobStatus(farm.db, draft, "draft");
  await hearOf(farm, idle, []);
  const taskOf = (jobId: number) =>
    farm.db.query<{ id: number }, [number]>("SELECT id FROM tasks WHERE job_id = ? ORDER BY id").get(jobId)!.id;
  const tasks = { queued: taskOf(queued), completed: taskOf(completed), canceled: taskOf(canceled) };
  return {
    ...users,
    jobs: { draft, queued, running, paused, completed, failed, canceled },
    failedTask,
    tasks: { ...tasks, running: held[0]!.task.id, failed: failedTask },
    resetToken: (await createResetLink(farm, annId)).token,
    busy: { id: busy.id, key, instanceId: busy.instanceId, holds: held.map(({ task }) => task) },
    idle: idle.id,
    offline: offline.id,
  };
}

type Say = (plain: string) => string;

async function addUsers(farm: MemoryFarm, say: Say, sayEmail: Say) {
  const bossId = await addUser(farm, { ...BOSS, name: "Bo", admin: true });
  const annId = await addUser(farm, { ...ANN, name: "Ann", admin: false });
  const createdAtMs = farm.clock.nowMs();
  const ben = { email: sayEmail("ben@example.com"), name: "Ben", passwordHash: null, admin: false };
  const benId = insertUser(farm.db, { ...ben, emailVerified: false, localOnly: false, createdAtMs })!;
  insertIdentity(farm.db, { provider: "google", subject: "1", userId: benId, email: ben.email, createdAtMs });
  insertIdentity(farm.db, { provider: "discord", subject: "2", userId: bossId, email: ben.email, createdAtMs });
  for (const [id, name, admin] of [
    [bossId, "Bo", true],
    [annId, "Ann", false],
    [benId, "Ben", false],
  ] as const)
    updateUser(farm.db, { id, name: say(name), admin, disabled: id === benId, emailVerified: id !== benId });
  for (const userId of [bossId, annId])
    await openSession(farm, getUser(farm.db, userId)!, {
      userAgent: say("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
      address: "192.0.2.7",
    });
  return { bossId, annId, benId };
}

type Box = { ownerId?: number; gpus?: RunnerCapabilities["gpus"]; sandbox?: string; slots?: number };

async function addRunner(farm: MemoryFarm, say: Say, name: string, box: Box = {}): Promise<LiveRunner> {
  const gpus = box.gpus ?? [{ name: say("NVIDIA GeForce RTX 4090"), type: "OPTIX" }];
  const intro: RunnerIntroduction = {
    key: { keyId: 1, ownerId: box.ownerId ?? null },
    protocol: PROTOCOL_VERSION,
    name: say(name),
    instanceId: crypto.randomUUID(),
    address: "192.0.2.21",
    capabilities: {
      hostname: say(`${name}.studio.example`),
      cores: 64,
      memoryBytes: 256e9,
      gpus,
      blenders: ["4.5.3", "3.4.1"].map((version) => ({ version, denoiser: version !== "3.4.1", gpus })),
      encoders: ["libx264", "libsvtav1", "libvpx-vp9", "aac", "libopus"],
      videoFormats: ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"],
      sandbox: box.sandbox ?? "bubblewrap",
      version: say("0.1.0 (1234abcd5678)"),
    },
  };
  const runner = await registerRunner(farm, intro);
  return farm.runners.get(runner.id)!;
}

/** What a user's project and its reading add to a job. */
function describeJob(farm: MemoryFarm, jobId: number, say: Say): void {
  setJobFileName(farm.db, jobId, say("harbour.zip"));
  const file = { jobId, name: say("harbour.zip"), size: 184_300_000, createdAtMs: farm.clock.nowMs() };
  setFileSha256(farm.db, insertUpload(farm.db, file), "00".repeat(32));
  const scene = aScene({ name: say("Scene"), engine: "CYCLES", camera: say("Camera"), cameras: [say("Camera")] });
  setJobMetadata(
    farm.db,
    jobId,
    aMetadata({
      mainFile: say("shots/harbour.blend"),
      blendFiles: [say("shots/harbour.blend"), say("library.blend")],
      blenderVersion: "3.4",
      activeScene: say("Scene"),
      scenes: [scene],
      files: [
        {
          kind: "image",
          name: say("Bricks"),
          path: say("//tex/bricks.png"),
          packed: false,
          missing: true,
          nearMatch: null,
        },
      ],
    }),
  );
  addWarnings(farm.db, jobId, [
    { code: "missing_file", message: say("The image tex/bricks.png is not in the project.") },
  ]);
  const wishes = [say("Scene"), say("Camera"), say("shots/harbour.blend"), jobId];
  farm.db.run("UPDATE jobs SET scene = ?, camera = ?, main_file = ? WHERE id = ?", wishes);
}

async function take(farm: MemoryFarm, runner: LiveRunner, slots: number): Promise<GrantedTask[]> {
  const abort = new AbortController().signal;
  return askForTasks(farm, runner, { slots, holding: [], waitMs: 0, abort });
}

async function end(farm: MemoryFarm, runner: LiveRunner, { task }: GrantedTask, how: TaskEnd["end"]): Promise<void> {
  await endTask(farm, runner, { taskId: task.id, attempt: task.attempt, warnings: [], end: how });
}

/** Renders the next frame in so many seconds, and files it. */
async function complete(farm: MemoryFarm, runner: LiveRunner, seconds: number): Promise<void> {
  const [granted] = await take(farm, runner, 1);
  if (!granted) throw new Error("there is nothing to do");
  await takeSample(farm);
  farm.clock.advance(seconds);
  const { jobId } = granted.task;
  const frame = Number(granted.frames);
  const name = `frame_${granted.frames.padStart(4, "0")}.exr`;
  const content = picture(frame);
  write(outputPath(farm.storage, jobId, name), content);
  const sha256 = new Bun.CryptoHasher("sha256").update(content).digest("hex");
  const createdAtMs = farm.clock.nowMs();
  insertFrame(farm.db, { jobId, name, frame, parts: 1, size: content.byteLength, sha256, createdAtMs });
  addFramesDone(farm.db, jobId, 1);
  farm.db.run("UPDATE runners SET frames_done = frames_done + 1 WHERE id = ?", [runner.id]);
  farm.db.run(
    `INSERT INTO hourly (hour, figure, subject, value) VALUES (?, 'runner_frames', ?, 1) ON CONFLICT DO UPDATE SET value = value + 1`,
    [Math.floor(createdAtMs / 3_600_000), String(runner.id)],
  );
  await end(farm, runner, granted, { kind: "completed" });
}

/** Fails a job for good, on one runner after the other; returns one of its tasks, which has a log. */
async function failFrames(farm: MemoryFarm, runners: readonly LiveRunner[], say: Say): Promise<number> {
  let last = 0;
  for (let i = 0; i < 30; i++) {
    const runner = runners[i % runners.length]!;
    const [granted] = await take(farm, runner, 1);
    if (!granted) continue;
    const { id, jobId, attempt } = granted.task;
    const log = [say("Fra:2 Mem:9213.24M | Scene"), "Error: System is out of GPU memory", say("Blender quit")].join(
      "\n",
    );
    write(attemptLogPath(farm.storage, jobId, id, attempt), `${log}\n`);
    farm.clock.advance(20);
    await end(farm, runner, granted, { kind: "failed", reason: "out_of_memory", message: say("Out of GPU memory.") });
    last = id;
  }
  return last;
}

async function hearOf(farm: MemoryFarm, runner: LiveRunner, held: readonly GrantedTask[]): Promise<void> {
  const tasks = held.map(({ task }, i) => ({
    id: task.id,
    attempt: task.attempt,
    progress: {
      frame: Number(task.frames),
      done: 0,
      total: 1,
      sample: 96 + 64 * i,
      samples: 256,
      memoryBytes: 9e9,
      encoding: null,
    },
  }));
  await heartbeat(farm, runner, { tasks, draining: false });
}

/** A little picture that is another in every frame. */
function picture(frame: number): Uint8Array {
  const light = (x: number, y: number, shift: number) =>
    0.5 + 0.5 * Math.sin((x + shift) / 9 + frame / 5) * Math.cos(y / 7);
  const shifts: Record<string, number> = { R: 0, G: 11, B: 23 };
  return writeExr({
    window: sized(96, 54),
    channels: RGBA,
    value: (channel, x, y) => (channel === "A" ? 1 : light(x, y, shifts[channel] ?? 0) ** 2),
  });
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
