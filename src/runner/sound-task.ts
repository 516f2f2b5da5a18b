import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { leaseName } from "#domain/task.ts";
import { SOUND_FILE } from "#domain/video.ts";
import type { mixSound, SoundOutcome } from "#programs/blender/mix-sound.ts";
import type { LeasedSound } from "#protocol/runner.ts";
import { startDeadline } from "./deadline.ts";
import { holdBlender } from "./hold-blender.ts";
import type { HeldTask } from "./held-tasks.ts";
import type { Outbox, Outgoing } from "./outbox.ts";
import type { RenderHost } from "./render-lease.ts";
import type { GivenBack, TaskEnd } from "./task-end.ts";
import { runTask, type Attempt, type TaskSurroundings } from "./task-run.ts";

/** What of this machine mixing sound needs; `mix` is `mixSound`, or a stand-in for tests. */
export type SoundHost = Pick<
  RenderHost,
  "blenders" | "blenderCache" | "sandbox" | "homeFolder" | "tasksFolder" | "contexts"
> & {
  mix: typeof mixSound;
};

export type SoundWork = TaskSurroundings & { host: SoundHost; outbox: Pick<Outbox, "add"> };

/** Mixing takes a small part of the time that the sound lasts, and says nothing meanwhile. */
const HANG_MS = 60 * 60_000;
const HUNG = "Blender said nothing for an hour while it mixed the sound.";

/** Works on a lease to mix the sound of a video: the project, Blender, and what came out to the outbox. A silent scene leads to no file. */
export async function soundTask(held: HeldTask, task: LeasedSound, work: SoundWork): Promise<void> {
  const outgoing: Outgoing[] = [];
  const run = async (attempt: Attempt): Promise<TaskEnd> => {
    const { patience, signal, say } = attempt;
    patience.log.info("task started", { job: task.jobName, sound: task.frames, blender: task.blenderVersion });
    say(`sound of frames ${task.firstFrame} to ${task.lastFrame}; getting the project`);
    const outputFolder = join(work.host.tasksFolder, leaseName(task.id, task.attempt));
    try {
      const outcome = await mix(task, work.host, attempt, outputFolder);
      if (outcome.kind === "givenBack") return outcome;
      if (outcome.kind === "aborted" || signal.aborted) return { kind: "givenBack" };
      if (outcome.kind === "failed") return outcome;
      if (outcome.path === null) say("nothing of the scene can be heard");
      else outgoing.push(await work.outbox.add(outcome.path, fileOf(task)));
      return { kind: "completed" };
    } finally {
      await rm(outputFolder, { recursive: true, force: true });
    }
  };
  await runTask(held, work, { run, outgoing: () => outgoing, warnings: () => [] });
}

function fileOf({ jobId, id: taskId, attempt }: LeasedSound) {
  return { jobId, taskId, attempt, frame: null, name: SOUND_FILE, of: 1 };
}

async function mix(
  task: LeasedSound,
  host: SoundHost,
  attempt: Attempt,
  outputFolder: string,
): Promise<SoundOutcome | GivenBack> {
  const holding = await holdBlender(host, task, attempt.signal);
  if (holding.kind !== "held") return holding;
  try {
    return await mixWith(holding.blender.path, task, host, attempt, outputFolder);
  } finally {
    holding.blender.release();
  }
}

async function mixWith(
  blender: string,
  task: LeasedSound,
  host: SoundHost,
  attempt: Attempt,
  outputFolder: string,
): Promise<SoundOutcome> {
  const { firstFrame, lastFrame, order } = task;
  const context = await host.contexts.acquire({ jobId: task.jobId, ...task.context }, attempt.signal);
  const { patience, line, signal } = attempt;
  const life = startDeadline(patience.time, HANG_MS, signal, () => new Error("nothing was heard of Blender"));
  try {
    await mkdir(outputFolder, { recursive: true });
    const { sandbox, homeFolder } = host;
    const places = { blender, sandbox, homeFolder, projectFolder: context.folder, outputFolder };
    const onLine = (text: string): void => {
      life.touch();
      line(text);
    };
    const outcome = await host.mix({ ...places, ...order, firstFrame, lastFrame }, { onLine, signal: life.signal });
    const hasHung = outcome.kind === "aborted" && life.signal.aborted && !signal.aborted;
    return hasHung ? { kind: "failed", reason: "hung", message: HUNG } : outcome;
  } finally {
    life.clear();
    context.release();
  }
}
