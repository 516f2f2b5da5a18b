import { availableParallelism, hostname, totalmem } from "node:os";
import type { BlenderFound, Gpu, RunnerCapabilities } from "#domain/runner.ts";
import { findBlenders, type FoundBlender } from "#programs/blender/find.ts";
import { probeBlender } from "#programs/blender/probe.ts";
import { findFfmpeg } from "#programs/ffmpeg/abilities.ts";
import { probeSandbox, type SandboxMode } from "#programs/probe-sandbox.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import { COMMIT, VERSION } from "#system/build-info.ts";
import type { Log } from "#system/log.ts";

/** What this machine can do, and with what. */
export type Machine = { capabilities: RunnerCapabilities; blenders: FoundBlender[]; sandbox: Sandbox };

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
 * Looks at this machine: its Blenders, by running each in the sandbox; GPUs that Cycles can use; FFmpeg's encoders; cores and memory.
 * Takes a second or two for each Blender. Throws `unavailable` when a sandbox is demanded and there is none.
 */
export async function examineMachine(question: MachineQuestion): Promise<Machine> {
  const { log } = question;
  const sandbox = await probeSandbox(question.sandbox);
  if (sandbox.kind === "none")
    log.warn("Blender runs without a sandbox; hostile scenes can do harm", { why: sandbox.detail });
  else log.info("Blender runs in a sandbox", { sandbox: sandbox.kind });
  const blenders = await findWorkingBlenders(sandbox, question);
  if (blenders.length === 0) log.warn("no Blender was found; this runner gets no frames to render. Give --blender");
  const ffmpeg = await findFfmpeg();
  const capabilities = {
    hostname: hostname(),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    gpus: distinct(blenders.flatMap(({ told }) => told.gpus)),
    blenders: blenders.map(({ told }) => told),
    encoders: ffmpeg?.encoders ?? [],
    sandbox: (sandbox.kind === "none" ? `none: ${sandbox.detail}` : sandbox.kind).slice(0, LONGEST_SANDBOX),
    version: `${VERSION} (${COMMIT})`,
  };
  return { capabilities, blenders: blenders.map(({ found }) => found), sandbox };
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
