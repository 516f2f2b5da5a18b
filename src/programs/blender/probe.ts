import { tmpdir } from "node:os";
import type { Gpu } from "#domain/runner.ts";
import type { RunProgram } from "../command.ts";
import { runProgram } from "../spawn.ts";
import { isObject, list, text } from "./decode.ts";
import { runScript, type BlenderHost } from "./run-script.ts";

/** What one Blender can do on this machine. */
export type BlenderAbilities = {
  version: string;
  /** Whether it was built with OpenImageDenoise. */
  denoiser: boolean;
  /** What Cycles can render on besides the CPU; one card is there once for each type that can drive it. */
  gpus: Gpu[];
  /** As a scene names them, such as CYCLES and BLENDER_EEVEE. */
  engines: string[];
  /** Modules of the add-ons that come with it. */
  addons: string[];
};

/** Drivers of GPUs may take their time at the first start. */
const PROBE_SECONDS = 60;

/** Asks a Blender what it can do here, in its sandbox. Returns null for one that does not start there. */
export async function probeBlender(host: BlenderHost, run: RunProgram = runProgram): Promise<BlenderAbilities | null> {
  const task = {
    script: "probe.py",
    file: null,
    request: {},
    readable: [],
    writable: [],
    gpu: true,
    scratchFolder: tmpdir(),
  } as const;
  let abilities: BlenderAbilities | null = null;
  await runScript(host, task, run, {
    timeoutSeconds: PROBE_SECONDS,
    onEvent: (event) => {
      abilities ??= decodeAbilities(event);
    },
  });
  return abilities;
}

function decodeAbilities(event: unknown): BlenderAbilities | null {
  if (!isObject(event) || event["type"] !== "abilities") return null;
  return {
    version: text(event["version"], ""),
    denoiser: event["denoiser"] === true,
    gpus: list(event["gpus"], (gpu) =>
      isObject(gpu) ? { type: text(gpu["type"], ""), name: text(gpu["name"], "") } : null,
    ),
    engines: list(event["engines"], (engine) => text(engine, null)),
    addons: list(event["addons"], (addon) => text(addon, null)),
  };
}
