import { createHash } from "node:crypto";
import { chmod, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { killLeftovers } from "./leftovers.ts";
import { lockWorkspace } from "./workspace-lock.ts";

/** The folder of one runner, and what is where in it. */
export type Workspace = {
  folder: string;
  /** Projects of jobs, kept from task to task. */
  contexts: string;
  /** One folder for each task under way; only there may its Blender write. */
  tasks: string;
  /** Videos under way; kept, so that an attempt goes on where the last one was cut off. */
  videos: string;
  /** Finished files that the manager has not acknowledged yet. */
  outbox: string;
  /** Blenders fetched from the manager. */
  blenders: string;
  /** HOME of every Blender here; kept, for EEVEE's shader cache spares it half a minute a start. */
  home: string;
  /** The processes that this runner has under it. */
  processes: string;
  unlock: () => void;
};

/**
 * Where a runner works unless it is told otherwise: a folder per manager and name, in /var/lib/jiggablend for root, else in
 * `$XDG_STATE_HOME` or ~/.local/state.
 */
export function defaultWorkspace(
  managerUrl: string,
  name: string,
  environment: Record<string, string | undefined> = process.env,
  isRoot = process.getuid?.() === 0,
): string {
  const url = new URL(managerUrl);
  const readable = `${url.host}-${name}`.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 80);
  const exact = createHash("sha256").update(`${url.origin}${url.pathname}\n${name}`).digest("hex").slice(0, 8);
  const state = isRoot
    ? "/var/lib"
    : environment["XDG_STATE_HOME"] || join(environment["HOME"] || homedir(), ".local/state");
  return join(state, "jiggablend/runners", `${readable}-${exact}`);
}

/**
 * Opens the folder of a runner: takes it for this process alone, ends what a killed runner has left running, and removes what it left
 * half done. Projects, videos under way and finished files stay. Throws `conflict` when another runner works there.
 */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const workspace = {
    folder,
    contexts: join(folder, "contexts"),
    tasks: join(folder, "tasks"),
    videos: join(folder, "videos"),
    outbox: join(folder, "outbox"),
    blenders: join(folder, "blenders"),
    home: join(folder, "home"),
    processes: join(folder, "processes.json"),
  };
  await mkdir(folder, { recursive: true });
  // Other people's scenes are in here.
  await chmod(folder, 0o700);
  const unlock = lockWorkspace(folder, join(folder, "lock"));
  await killLeftovers(workspace.processes);
  await rm(workspace.tasks, { recursive: true, force: true });
  for (const part of [
    workspace.contexts,
    workspace.tasks,
    workspace.videos,
    workspace.outbox,
    workspace.blenders,
    workspace.home,
  ])
    await mkdir(part, { recursive: true });
  return { ...workspace, unlock };
}
