import { availableParallelism, hostname, totalmem } from "node:os";
import { VIDEO_FORMATS } from "#domain/video.ts";
import type { BlenderFound, Gpu, RunnerCapabilities } from "#domain/runner.ts";
import { findBlenders, type FoundBlender } from "#programs/blender/find.ts";
import { probeBlender } from "#programs/blender/probe.ts";
import { findVideoTools, missingFor, type VideoTools } from "#programs/ffmpeg/video-tools.ts";
import { probeSandbox, type SandboxMode } from "#programs/probe-sandbox.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import { COMMIT, VERSION } from "#system/build-info.ts";
import type { Log } from "#system/log.ts";

/** What this machine can do, and with what. */
export type Machine = {
  capabilities: RunnerCapabilities;
  blenders: FoundBlender[];
  videoTools: VideoTools | null;
  sandbox: Sandbox;
};

export type MachineQuestion = {
  /** Blenders, or folders of them, besides those on PATH. */
  blenderPaths: readonly string[];
  sandbox: SandboxMode;
  homeFolder: string;
  log: Log;
};

/** The longest text about the sandbox that the protocol takes. */
const LONGEST_SANDBOX = 100;

/**
 * Looks at this machine: its Blenders, by running each in the sandbox; GPUs that Cycles can use; the videos that its FFmpeg can make; cores and memory.
 * Takes a second or two for each Blender. Throws `unavailable` when a sandbox is demanded and there is none.
 */
export async function examineMachine(question: MachineQuestion): Promise<Machine> {
  const { log } = question;
  const sandbox = await probeSandbox(question.sandbox);
  if (sandbox.kind === "none")
    log.warn("Blender runs without a sandbox; hostile scenes can do harm", { why: sandbox.detail });
  else log.info("Blender runs in a sandbox", { sandbox: sandbox.kind });
  const blenders = await findWorkingBlenders(sandbox, question);
  if (blenders.length === 0) log.info("no Blender was found here; those of the manager are fetched");
  const videoTools = await findVideoTools();
  const videoFormats = VIDEO_FORMATS.filter((format) => missingFor(format, videoTools, true).length === 0);
  logVideos(videoTools, log);
  const capabilities = {
    hostname: hostname(),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    gpus: distinct(blenders.flatMap(({ told }) => told.gpus)),
    blenders: blenders.map(({ told }) => told),
    encoders: videoTools?.ffmpeg.encoders ?? [],
    videoFormats,
    sandbox: (sandbox.kind === "none" ? `none: ${sandbox.detail}` : sandbox.kind).slice(0, LONGEST_SANDBOX),
    version: `${VERSION} (${COMMIT})`,
  };
  return { capabilities, blenders: blenders.map(({ found }) => found), videoTools, sandbox };
}

/** Says which videos are made here, and what is missing for the others. */
function logVideos(tools: VideoTools | null, log: Log): void {
  if (tools === null) return log.warn("no FFmpeg was found; this runner makes no videos");
  log.info("found FFmpeg", { version: tools.ffmpeg.version, path: tools.ffmpeg.path });
  for (const format of VIDEO_FORMATS) {
    const missing = missingFor(format, tools, true);
    if (missing.length > 0) log.warn("this runner makes no video of a format", { format, missing: missing.join(", ") });
  }
}

/** One Blender for each version that really starts here. */
async function findWorkingBlenders(
  sandbox: Sandbox,
  { blenderPaths, homeFolder, log }: MachineQuestion,
): Promise<{ found: FoundBlender; told: BlenderFound }[]> {
  const working = new Map<string, { found: FoundBlender; told: BlenderFound }>();
  for (const found of await findBlenders({ paths: blenderPaths, searchPath: process.env["PATH"] ?? "" })) {
    const { path, version } = found;
    if (working.has(version)) continue;
    const abilities = await probeBlender({ blender: path, sandbox, homeFolder });
    if (!abilities) {
      log.warn("a Blender does not start here and is left out", { path, version });
      continue;
    }
    const { denoiser, gpus } = abilities;
    log.info("found Blender", { version, path, denoiser, gpus: gpus.map(({ name }) => name).join(", ") || "none" });
    working.set(version, { found, told: { version, denoiser, gpus } });
  }
  return [...working.values()];
}

function distinct(gpus: readonly Gpu[]): Gpu[] {
  return [...new Map(gpus.map((gpu) => [`${gpu.type} ${gpu.name}`, gpu])).values()];
}
