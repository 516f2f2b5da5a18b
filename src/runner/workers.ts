import { createLoop } from "#system/periodic.ts";
import type { BlenderCache } from "./blender-cache.ts";
import { createContextCache } from "./context-cache.ts";
import type { CheckFrame } from "./frame-filing.ts";
import { encodeTask, type EncodeHost } from "./encode-task.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { HeldTask, HeldTasks } from "./held-tasks.ts";
import { recordProcesses } from "./leftovers.ts";
import type { Machine } from "./machine.ts";
import type { ManagerClient } from "./manager-client.ts";
import { createOutboxStore } from "./outbox-store.ts";
import { createOutbox } from "./outbox.ts";
import type { Register } from "./registration.ts";
import type { Renderer } from "./render-lease.ts";
import { renderTask } from "./render-task.ts";
import type { Patience } from "./retry.ts";
import type { Shutdown } from "./shutdown.ts";
import { soundTask, type SoundHost } from "./sound-task.ts";
import { createVideoFolders } from "./video-folders.ts";
import { createWorkLoop } from "./work-loop.ts";
import type { Workspace } from "./workspace.ts";

/** How often the processes under the runner are written down, for the sweep after a sudden end. */
const RECORD_PROCESSES_SECONDS = 5;

/** What the runner has others do; tests hand in stand-ins. */
export type RunnerParts = Patience & {
  render: Renderer;
  mix: SoundHost["mix"];
  encode: EncodeHost["encode"];
  checkFrame: CheckFrame;
};

export type WorkersOptions = {
  workspace: Workspace;
  machine: Machine;
  blenderCache: BlenderCache | undefined;
  client: ManagerClient;
  register: Register;
  held: HeldTasks;
  shutdown: Shutdown;
  /** Aborts when the runner is to end. */
  leaving: AbortSignal;
  heartbeatSeconds: number;
  cacheSizeBytes: number;
  hangSeconds: number;
  frameTimeLimitSeconds: number | null;
  parts: RunnerParts;
};

/** All that goes on at once in a registered runner: asking for work, the tasks, uploads, heartbeats. */
export type Workers = {
  start: () => Promise<void>;
  /** Takes nothing new, waits for the tasks at hand and for what is in the outbox, as far as the shutdown lets it, and ends all. */
  finish: (goodbye: boolean) => Promise<void>;
};

export function createWorkers(options: WorkersOptions): Workers {
  const { workspace, machine, client, register, held, shutdown, parts } = options;
  const both = { client, patience: parts };
  const contexts = createContextCache({ ...both, folder: workspace.contexts, maxBytes: options.cacheSizeBytes });
  const outbox = createOutbox({ ...both, store: createOutboxStore(workspace.outbox) });
  const heartbeat = createHeartbeat({
    ...both,
    register,
    held,
    leaving: options.leaving,
    capabilities: machine.capabilities,
  });
  const host = {
    blenders: machine.blenders,
    blenderCache: options.blenderCache,
    sandbox: machine.sandbox,
    homeFolder: workspace.home,
    tasksFolder: workspace.tasks,
    hangSeconds: options.hangSeconds,
    frameTimeLimitSeconds: options.frameTimeLimitSeconds,
    contexts,
    render: parts.render,
  };
  const folders = createVideoFolders(workspace.videos, parts.time);
  const videoHost = { tools: machine.videoTools, sandbox: machine.sandbox, folders, encode: parts.encode };
  const around = { ...both, outbox, shutdown };
  const workOn = (task: HeldTask): Promise<void> => {
    switch (task.task.kind) {
      case "render":
        return renderTask(task, task.task, { ...around, host, checkFrame: parts.checkFrame });
      case "sound":
        return soundTask(task, task.task, { ...around, host: { ...host, mix: parts.mix } });
      case "encode":
        return encodeTask(task, task.task, { ...around, host: videoHost });
      default:
        return task.task satisfies never;
    }
  };
  const work = createWorkLoop({ ...both, register, held, work: workOn });
  const watch = createLoop({
    name: "writing down processes",
    everySeconds: RECORD_PROCESSES_SECONDS,
    log: parts.log,
    work: () => recordProcesses(workspace.processes),
  });
  return {
    start: async () => {
      await contexts.sweep();
      await folders.sweep("old");
      await outbox.start();
      watch.start();
      heartbeat.start(options.heartbeatSeconds);
      work.start();
    },
    finish: async (goodbye) => {
      await work.stop();
      if (goodbye) await work.giveBackStrays();
      await held.empty();
      await outbox.flush(shutdown.deliveriesOver);
      await outbox.stop();
      await heartbeat.stop();
      if (goodbye) await heartbeat.sayGoodbye();
      await watch.stop();
    },
  };
}
