import { AppError } from "#domain/app-error.ts";
import type { RunProgram } from "./command.ts";
import { findProgram } from "./find-program.ts";
import { sandboxed, type Sandbox } from "./sandbox.ts";
import { runProgram } from "./spawn.ts";
import { readSystemPaths } from "./system-paths.ts";

export const SANDBOX_MODES = ["auto", "on", "off"] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

const PROBE_SECONDS = 10;

/**
 * Finds out how programs can be sandboxed here, by really running one. `auto` takes bubblewrap where it works, and says in
 * `detail` why not; `on` throws `unavailable` where it does not work; `off` does not look.
 */
export async function probeSandbox(mode: SandboxMode, run: RunProgram = runProgram): Promise<Sandbox> {
  if (mode === "off") return { kind: "none", detail: "switched off" };
  const sandbox = await probeBubblewrap(run);
  if (mode === "on" && sandbox.kind === "none") {
    throw new AppError("unavailable", `There is no sandbox: ${sandbox.detail}.`);
  }
  return sandbox;
}

async function probeBubblewrap(run: RunProgram): Promise<Sandbox> {
  const program = findProgram("bwrap");
  if (program === null) return { kind: "none", detail: "bubblewrap is not installed" };
  const sandbox: Sandbox = { kind: "bubblewrap", program, system: readSystemPaths(), detail: program };
  const nothing = { readable: [], writable: [], gpuDevices: [] };
  const complaints: string[] = [];
  const command = sandboxed(sandbox, { argv: [findProgram("true") ?? "/bin/true"], environment: {} }, nothing);
  const result = await run(command, { timeoutSeconds: PROBE_SECONDS, onLine: (line) => void complaints.push(line) });
  if (result.exitCode === 0) return sandbox;
  const why = complaints.at(-1) ?? result.message ?? `${result.reason} ${result.exitCode ?? result.signal ?? ""}`;
  return { kind: "none", detail: `bubblewrap does not work here: ${why.trim()}` };
}
