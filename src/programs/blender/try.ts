import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlenderAbilities } from "#domain/stored-blender.ts";
import type { RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { findProgram } from "../find-program.ts";
import { SANDBOX_TEMPORARY, sandboxed, type Sandbox } from "../sandbox.ts";
import { runProgram } from "../spawn.ts";
import { probeBlender } from "./probe.ts";
import { parseVersionLine } from "./version.ts";

/** The first start of all reads everything from the disk, and compiles Python's files. */
const FIRST_START_SECONDS = 180;

/** A folder that holds a Blender: itself, or its only folder, as in an official archive. */
export async function findRoot(folder: string): Promise<string | null> {
  if (findProgram(join(folder, "blender")) !== null) return folder;
  const entries = await readdir(folder, { withFileTypes: true });
  const roots = entries.filter((one) => one.isDirectory() && findProgram(join(folder, one.name, "blender")) !== null);
  return roots.length === 1 ? join(folder, roots[0]!.name) : null;
}

export type TriedBlender = { version: string } | { version: null; why: string };

/**
 * Starts a Blender that nobody has started here before, in the sandbox and with its own folder writable, so that it keeps what Python
 * compiles: every later start takes half a second less. Says its version, or why it does not start.
 */
export async function tryBlender(
  blender: string,
  { sandbox, homeFolder }: { sandbox: Sandbox; homeFolder: string },
  run: RunProgram = runProgram,
): Promise<TriedBlender> {
  await mkdir(homeFolder, { recursive: true });
  const temporary = sandbox.kind === "none" ? homeFolder : SANDBOX_TEMPORARY;
  const start = async (rest: readonly string[]) => {
    const command = {
      argv: [blender, "--background", ...rest] as [string, ...string[]],
      environment: cleanEnvironment({ home: homeFolder, temporary }),
    };
    const access = { readable: [], writable: [homeFolder, dirname(blender)], gpuDevices: [] };
    let version: string | null = null;
    const said: string[] = [];
    const result = await run(sandboxed(sandbox, command, access), {
      timeoutSeconds: FIRST_START_SECONDS,
      onLine: (line) => {
        version ??= parseVersionLine(line);
        if (line.trim() !== "") said.push(line.trim());
      },
    });
    return { version, result, last: said.at(-1) ?? "it said nothing" };
  };
  const { version, result, last } = await start(["--version"]);
  if (version === null || result.exitCode !== 0) return { version: null, why: last };
  await start(["--factory-startup", "--python-expr", "import bpy"]);
  return { version };
}

/** Asks a Blender that starts what it can do; null where it tells nothing. */
export async function abilitiesOf(
  blender: string,
  host: { sandbox: Sandbox; homeFolder: string },
): Promise<BlenderAbilities | null> {
  const told = await probeBlender({ blender, ...host });
  return told && { denoiser: told.denoiser, engines: told.engines, addons: told.addons };
}
