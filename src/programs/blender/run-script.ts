import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command, ProgramResult, RunOptions, RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { gpuDevices } from "../gpu-devices.ts";
import { SANDBOX_TEMPORARY, sandboxed, type Sandbox } from "../sandbox.ts";
import { LoadGate } from "./load-gate.ts";
import { writeScripts, type BlenderScript } from "./scripts.ts";

/** The exit code of Blender when a script of ours failed in a way that it did not foresee. */
export const SCRIPT_ERROR_EXIT_CODE = 97;

/** A Blender on this machine, and how it is kept from the rest of it. */
export type BlenderHost = {
  /** Path of the executable. */
  blender: string;
  sandbox: Sandbox;
  /** HOME of Blender, kept between runs: compiled shaders lie in it, without which EEVEE starts in a minute and not in seconds. */
  homeFolder: string;
};

export type BlenderTask = {
  script: BlenderScript;
  /** The .blend to open; null for none. */
  file: string | null;
  /** Modules of add-ons to switch on before the file is opened. */
  addons?: readonly string[];
  /** What the script reads as JSON. */
  request: Record<string, unknown>;
  readable: readonly string[];
  writable: readonly string[];
  gpu: boolean;
  /** Where our scripts lie while they run. */
  scratchFolder: string;
};

/**
 * Runs one of our scripts in Blender: settings of the factory, scripts of the file off, in the sandbox. Events reach `onEvent` only when
 * `onLine` has had all that Blender printed while it loaded the file.
 */
export async function runScript(
  host: BlenderHost,
  task: BlenderTask,
  run: RunProgram,
  options: RunOptions,
): Promise<ProgramResult> {
  const gate = new LoadGate();
  const scratch = await mkdtemp(join(task.scratchFolder, "jiggablend-"));
  try {
    const command = await prepare(host, task, { scratch, marker: gate.marker });
    return await run(command, {
      ...options,
      onLine: (line, stream) => (gate.isMarker(line) ? undefined : options.onLine?.(line, stream)),
      onEvent: async (event) => {
        await gate.pass();
        await options.onEvent?.(event);
      },
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function prepare(
  host: BlenderHost,
  task: BlenderTask,
  run: { scratch: string; marker: string },
): Promise<Command> {
  const scripts = join(run.scratch, "scripts");
  const temporary = join(run.scratch, "temporary");
  const request = join(scripts, "request.json");
  await writeScripts(scripts);
  await writeFile(request, JSON.stringify({ ...task.request, marker: run.marker }));
  await mkdir(temporary, { mode: 0o700 });
  await mkdir(host.homeFolder, { recursive: true });
  const blender = await realpath(host.blender);
  const isolated = host.sandbox.kind !== "none";
  const command: Command = {
    argv: blenderArguments(blender, { ...task, script: join(scripts, task.script) }, request),
    environment: cleanEnvironment({ home: host.homeFolder, temporary: isolated ? SANDBOX_TEMPORARY : temporary }),
  };
  return sandboxed(host.sandbox, command, {
    readable: [dirname(blender), scripts, ...task.readable],
    writable: [host.homeFolder, ...task.writable],
    gpuDevices: task.gpu ? gpuDevices() : [],
  });
}

/** The command line; the order counts, for Blender does one argument after the other. */
export function blenderArguments(
  blender: string,
  { file, script, addons = [] }: { file: string | null; script: string; addons?: readonly string[] },
  request: string,
): [string, ...string[]] {
  return [
    blender,
    "--background",
    "--factory-startup",
    "--disable-autoexec",
    ...(addons.length === 0 ? [] : ["--addons", addons.join(",")]),
    ...(file === null ? [] : [file]),
    "--python-exit-code",
    String(SCRIPT_ERROR_EXIT_CODE),
    "--python",
    script,
    "--",
    request,
  ];
}
