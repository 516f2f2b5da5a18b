import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import type { ProgramResult, RunProgram } from "../command.ts";
import { runProgram } from "../spawn.ts";
import { endOf } from "./end-signal.ts";
import { LastLines } from "./last-lines.ts";
import { runScript, type BlenderHost } from "./run-script.ts";
import { SceneCollector, type SceneReading } from "./scene-reading.ts";

export type SceneReadingOptions = { timeoutSeconds: number; signal?: AbortSignal; run?: RunProgram };

/**
 * Lets Blender open a .blend, `mainFile` inside `projectFolder`, and tell what is in it. Throws `damaged_scene` when it cannot, and
 * the reason of the signal when that is aborted.
 */
export async function readScene(
  host: BlenderHost,
  project: { projectFolder: string; mainFile: string },
  options: SceneReadingOptions,
): Promise<SceneReading> {
  const { run = runProgram, signal, timeoutSeconds } = options;
  const { projectFolder, mainFile } = project;
  const collector = new SceneCollector();
  const lastLines = new LastLines();
  const task = {
    script: "read_scene.py",
    file: join(projectFolder, mainFile),
    request: { projectFolder },
    readable: [projectFolder],
    writable: [],
    gpu: false,
    scratchFolder: tmpdir(),
  } as const;
  const result = await runScript(host, task, run, {
    signal,
    timeoutSeconds,
    onEvent: (event) => collector.event(event),
    onLine: (line) => {
      lastLines.add(line);
      collector.line(line);
    },
  });
  signal?.throwIfAborted();
  const reading = collector.reading();
  if (result.exitCode === 0 && reading !== null) return reading;
  throw new AppError("damaged_scene", explain(result, lastLines));
}

function explain(result: ProgramResult, lastLines: LastLines): string {
  if (result.reason === "timeout") return "Blender took too long to open the file.";
  if (result.reason === "spawn_failed") return `Blender could not be started: ${result.message}.`;
  return `Blender could not read the file (${endOf(result)}).${lastLines.because()}`;
}
