import { SANDBOX_MODES, type SandboxMode } from "#programs/probe-sandbox.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

export const SANDBOX_FLAG: Flag = {
  name: "sandbox",
  value: "mode",
  description: "run Blender in a sandbox: auto, on or off",
  fallback: "auto",
};

export const PROGRAM_FLAGS: readonly Flag[] = [
  SANDBOX_FLAG,
  {
    name: "blender",
    value: "path",
    description: "a Blender, or a folder of Blenders, beside the one on PATH",
    many: true,
  },
  { name: "blender-dir", value: "folder", description: "the same as --blender, for folders of Blenders", many: true },
];

/** Where Blenders are looked for besides PATH. */
export function blendersOf(flags: FlagValues): string[] {
  return [...flags.list("blender"), ...flags.list("blender-dir")];
}

/** The sandbox that the flags ask for. */
export function sandboxOf(flags: FlagValues): SandboxMode {
  const wish = flags.text("sandbox");
  const mode = SANDBOX_MODES.find((known) => known === wish);
  if (!mode) throw new UsageError(`--sandbox takes ${SANDBOX_MODES.join(", ")}, not "${wish}".`);
  return mode;
}
