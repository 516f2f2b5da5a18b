import { AppError } from "#domain/app-error.ts";
import { PROTOCOL_VERSION } from "#domain/lease.ts";
import { newToken } from "#system/tokens.ts";
import { openBlenderCache } from "./machine-blenders.ts";
import { createHeldTasks } from "./held-tasks.ts";
import type { Machine } from "./machine.ts";
import { createManagerClient } from "./manager-client.ts";
import type { ManagerRefusal } from "./manager-errors.ts";
import { createRegistration } from "./registration.ts";
import { createShutdown } from "./shutdown.ts";
import { unlessAborted } from "./time.ts";
import { createWorkers, type RunnerParts } from "./workers.ts";
import type { Workspace } from "./workspace.ts";

export type RunnerSettings = {
  managerUrl: string;
  apiKey: string;
  name: string;
  slots: number;
  cacheSizeBytes: number;
  /** What Blenders fetched from the manager may take; 0 fetches none. */
  blenderCacheBytes: number;
  drainTimeoutSeconds: number | null;
  frameTimeLimitSeconds: number | null;
  hangSeconds: number;
};

/** `drain`: finish the tasks at hand and take no more. `now`: end Blender, give the tasks back, and be gone in seconds. */
export type StopKind = "drain" | "now";

export type StartedRunner = {
  /** May be called again, and more urgently. */
  stop: (kind: StopKind) => void;
  /** The exit code once all has ended: 0 when it was asked to stop, 1 when it could not go on. Never rejects. */
  done: Promise<number>;
};

/**
 * The life of one runner in its workspace:
 *
 *     examine the machine ─► register ─► work ─► leave
 *
 * It can be asked to leave at any point. A refusal that concerns the runner itself (its key is revoked, a newer process has its name)
 * ends everything at once.
 */
export function runRunner(
  workspace: Workspace,
  settings: RunnerSettings,
  parts: RunnerParts & { examine: () => Promise<Machine> },
): StartedRunner {
  const { time, log } = parts;
  const leaving = new AbortController();
  const shutdown = createShutdown(time);
  const held = createHeldTasks(settings.slots, log);
  let refused = false;
  let cancelDrainTimeout = (): void => {};

  const onRefused = (refusal: ManagerRefusal): void => {
    if (refused) return;
    refused = true;
    log.error(sayRefusal(refusal));
    held.loseAll("the manager has refused this runner");
    shutdown.cut();
    leaving.abort();
  };

  const live = async (): Promise<void> => {
    const machine = await unlessAborted(parts.examine(), leaving.signal);
    if (!machine) return;
    const instanceId = newToken();
    const client = createManagerClient({ ...settings, instanceId, time, onRunnerEnded: onRefused });
    const blenderCache = await openBlenderCache({ workspace, settings, parts, client, machine });
    const introduction = { protocol: PROTOCOL_VERSION, name: settings.name, instanceId, ...machine.capabilities };
    const register = createRegistration(client, introduction, parts, onRefused);
    const registered = await register(leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    });
    if (!registered) return;
    const { heartbeatSeconds } = registered;
    const options = {
      ...settings,
      workspace,
      machine,
      blenderCache,
      client,
      register,
      held,
      shutdown,
      leaving: leaving.signal,
      heartbeatSeconds,
      parts,
    };
    const workers = createWorkers(options);
    await workers.start();
    await untilAborted(leaving.signal);
    await workers.finish(!refused);
  };

  const run = async (): Promise<number> => {
    try {
      await live();
      log.info("the runner has ended");
      return refused ? 1 : 0;
    } catch (error) {
      log.error(`the runner cannot go on: ${sayError(error)}`);
      return 1;
    } finally {
      cancelDrainTimeout();
      shutdown.cut();
      workspace.unlock();
    }
  };

  const stop = (kind: StopKind): void => {
    const { drainTimeoutSeconds } = settings;
    if (!leaving.signal.aborted) {
      log.info(kind === "now" ? "stopping now" : "stopping when the tasks at hand are done", {
        tasks: held.list().length,
      });
      leaving.abort();
      if (drainTimeoutSeconds !== null) cancelDrainTimeout = time.after(drainTimeoutSeconds * 1000, shutdown.begin);
    }
    if (kind === "now") shutdown.begin();
  };

  return { stop, done: run() };
}

function sayRefusal(refusal: ManagerRefusal): string {
  if (refusal.code === "superseded")
    return "Another process has registered under this runner's name, so this one ends. Give one of them a --name.";
  if (refusal.status === 401) return `The manager does not accept the API key (any more): ${refusal.message}`;
  return `The manager does not take this runner: ${refusal.message}`;
}

function sayError(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
}
