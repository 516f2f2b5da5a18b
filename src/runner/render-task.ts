import { parseFrames } from "#domain/frames.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import { createFrameFiling, type CheckFrame } from "./frame-filing.ts";
import type { HeldTask } from "./held-tasks.ts";
import type { Outbox } from "./outbox.ts";
import { renderLease, type RenderHost } from "./render-lease.ts";
import type { TaskEnd } from "./task-end.ts";
import { createTaskJournal, type TaskJournal } from "./task-journal.ts";
import { runTask, type Attempt, type TaskSurroundings } from "./task-run.ts";

export type RenderWork = TaskSurroundings & {
  host: RenderHost;
  outbox: Pick<Outbox, "add">;
  checkFrame: CheckFrame;
};

/** Works on a lease to render: the project, Blender, and each frame to the outbox as soon as it is saved. */
export async function renderTask(held: HeldTask, task: LeasedRender, work: RenderWork): Promise<void> {
  const filing = createFrameFiling(task, work.outbox, work.checkFrame);
  let journal: TaskJournal | null = null;
  const run = async (attempt: Attempt): Promise<TaskEnd> => {
    const { say, line, patience, signal } = attempt;
    const { log, time } = patience;
    journal = createTaskJournal({ held, filing, say, log, time });
    log.info("task started", { job: task.jobName, frames: task.frames, blender: task.blenderVersion });
    say(`frames ${task.frames}; getting the project`);
    held.report({ total: parseFrames(task.frames).length });
    const verdict = await renderLease(task, work.host, { onEvent: journal.onEvent, onLine: line, signal });
    if (verdict.kind === "failed" || verdict.kind === "givenBack") return verdict;
    if (verdict.kind === "aborted") return { kind: "givenBack" };
    if (filing.problem !== null) return { kind: "failed", reason: "bad_output", message: filing.problem };
    return { kind: "completed" };
  };
  await runTask(held, work, { run, outgoing: () => filing.outgoing, warnings: () => journal?.warnings ?? [] });
}
