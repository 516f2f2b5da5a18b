import { resolve } from "node:path";
import { MAX_SLOTS } from "#domain/lease.ts";
import { API_KEY_FLAGS, apiKeyOf } from "./api-key.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { LOG_FLAGS, logOf } from "./log-flags.ts";
import { blendersOf, PROGRAM_FLAGS, sandboxOf } from "./program-flags.ts";

const DAY_SECONDS = 24 * 3600;

export const RUNNER_FLAGS: readonly Flag[] = [
  ...API_KEY_FLAGS,
  { name: "manager", value: "url", description: "the farm's address", fallback: "http://localhost:8080" },
  { name: "name", value: "name", description: "what the farm calls this runner (default: the host's name)" },
  {
    name: "workspace",
    value: "folder",
    description: "where projects and unfinished frames lie (default: one for each manager and name)",
  },
  {
    name: "cache-size",
    value: "gigabytes",
    description: "what projects kept for later tasks may take",
    fallback: "50",
  },
  {
    name: "blender-cache-size",
    value: "gigabytes",
    description: "what Blenders fetched from the manager may take; 0 fetches none",
    fallback: "20",
  },
  { name: "slots", value: "number", description: "tasks rendered at once", fallback: "1" },
  {
    name: "drain-timeout",
    value: "seconds",
    description: "how long SIGTERM waits for the task under way (default: as long as it takes)",
  },
  {
    name: "frame-timeout",
    value: "seconds",
    description: "ends a Blender that works longer on one frame (default: as long as the farm allows)",
  },
  ...PROGRAM_FLAGS,
  ...LOG_FLAGS,
];

/** Runs a runner until it is told to stop: SIGTERM finishes the task first, SIGINT or a second SIGTERM gives it back. Returns the exit code. */
export async function runRunner(flags: FlagValues): Promise<number> {
  const log = logOf(flags);
  const workspace = flags.text("workspace");
  const { startRunner } = await import("#runner/start.ts"); // only now: the other commands start faster without it
  const runner = await startRunner({
    managerUrl: flags.required("manager", "says where the farm is"),
    apiKey: apiKeyOf(flags),
    log,
    name: flags.text("name") ?? undefined,
    workspace: workspace === null ? undefined : resolve(workspace),
    blenderPaths: blendersOf(flags),
    sandbox: sandboxOf(flags),
    slots: flags.whole("slots", 1, MAX_SLOTS) ?? undefined,
    cacheSizeBytes: (flags.whole("cache-size", 1, 1_000_000) ?? 50) * 1e9,
    blenderCacheBytes: (flags.whole("blender-cache-size", 0, 100_000) ?? 20) * 1e9,
    frameTimeLimitSeconds: flags.whole("frame-timeout", 1, 30 * DAY_SECONDS) ?? undefined,
    drainTimeoutSeconds: flags.whole("drain-timeout", 0, 30 * DAY_SECONDS) ?? undefined,
  });
  let draining = false;
  process.on("SIGTERM", () => {
    runner.stop(draining ? "now" : "drain");
    draining = true;
  });
  process.on("SIGINT", () => runner.stop("now"));
  const exitCode = await runner.done;
  const logFile = flags.text("log-file");
  if (exitCode !== 0 && logFile !== null)
    process.stderr.write(`jiggablend: the runner could not go on; ${logFile} says why.\n`);
  return exitCode;
}
