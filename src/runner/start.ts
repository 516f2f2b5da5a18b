import { hostname } from "node:os";
import { AppError } from "#domain/app-error.ts";
import { MAX_SLOTS } from "#domain/lease.ts";
import { mixSound } from "#programs/blender/mix-sound.ts";
import { renderFrames } from "#programs/blender/render.ts";
import { encodeVideo } from "#programs/video/encode.ts";
import type { SandboxMode } from "#programs/probe-sandbox.ts";
import type { Log } from "#system/log.ts";
import { checkFrameFile } from "./check-frame.ts";
import { hideKey } from "./hide-key.ts";
import { runRunner, type StartedRunner } from "./lifecycle.ts";
import { examineMachine } from "./machine.ts";
import { systemTime } from "./time.ts";
import { defaultWorkspace, openWorkspace } from "./workspace.ts";

const GB = 1e9;

/** A Blender that neither writes nor computes for so long has hung; a GPU may compute that long without either. */
const HANG_SECONDS = 15 * 60;

export type StartOptions = {
  /** Address of the manager, as http://farm.example.org:8080; may have a path, behind a proxy. */
  managerUrl: string;
  apiKey: string;
  log: Log;
  /** The host's name unless given. Two runners with the same key need different names. */
  name?: string | undefined;
  /** See `defaultWorkspace`. */
  workspace?: string | undefined;
  /** Blenders, or folders of them, besides the one on PATH. */
  blenderPaths?: readonly string[] | undefined;
  sandbox?: SandboxMode | undefined;
  /** Tasks rendered at once; one unless given, for a single Blender uses all cores. */
  slots?: number | undefined;
  /** How long a drain may take before it becomes a stop; no limit unless given. */
  drainTimeoutSeconds?: number | undefined;
  /** What the projects kept for later tasks may take on the disk; 50 GB unless given. */
  cacheSizeBytes?: number | undefined;
  /** What Blenders fetched from the manager may take on the disk, 20 GB unless given; 0 fetches none. */
  blenderCacheBytes?: number | undefined;
  /** Ends a Blender that works longer on one frame; no limit unless given. The job's own limit holds besides. */
  frameTimeLimitSeconds?: number | undefined;
};

/**
 * Starts a runner. Resolves once the workspace is its own and swept; probing, registering (which waits for a manager that is not up yet) and
 * working follow by themselves. Throws `AppError`: `bad_request` for options that make no sense, `conflict` for a workspace that another
 * runner works in.
 */
export async function startRunner(options: StartOptions): Promise<StartedRunner> {
  const { managerUrl, apiKey, log, slots = 1, name = hostname() } = options;
  checkOptions(managerUrl, apiKey, slots, name);
  if (!hideKey(apiKey)) log.warn("the API key could not be hidden from other programs of this user");
  const workspace = await openWorkspace(options.workspace ?? defaultWorkspace(managerUrl, name));
  log.info("starting", { runner: name, manager: managerUrl, workspace: workspace.folder });
  const settings = {
    managerUrl,
    apiKey,
    name,
    slots,
    cacheSizeBytes: options.cacheSizeBytes ?? 50 * GB,
    blenderCacheBytes: options.blenderCacheBytes ?? 20 * GB,
    drainTimeoutSeconds: options.drainTimeoutSeconds ?? null,
    frameTimeLimitSeconds: options.frameTimeLimitSeconds ?? null,
    hangSeconds: HANG_SECONDS,
  };
  const { blenderPaths = [], sandbox = "auto" } = options;
  return runRunner(workspace, settings, {
    time: systemTime,
    random: Math.random,
    log,
    render: renderFrames,
    mix: mixSound,
    encode: encodeVideo,
    checkFrame: checkFrameFile,
    examine: () => examineMachine({ blenderPaths, sandbox, homeFolder: workspace.home, log }),
  });
}

function checkOptions(managerUrl: string, apiKey: string, slots: number, name: string): void {
  const url = URL.parse(managerUrl);
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new AppError(
      "bad_request",
      `"${managerUrl}" is no address of a manager; give one like http://localhost:8080.`,
    );
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new AppError("bad_request", "The API key has characters that no key has.");
  if (!Number.isInteger(slots) || slots < 1 || slots > MAX_SLOTS)
    throw new AppError("bad_request", `A runner has 1 to ${MAX_SLOTS} slots, not ${slots}.`);
  if (name.length < 1 || name.length > 100)
    throw new AppError("bad_request", "A runner's name has 1 to 100 characters.");
}
