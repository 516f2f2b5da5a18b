import { capture } from "../capture.ts";
import type { RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { findProgram } from "../find-program.ts";
import { runProgram } from "../spawn.ts";

/** The encoders of the farm's video formats. */
const ENCODERS = ["libx264", "libaom-av1", "libsvtav1", "libvpx-vp9", "aac", "libopus", "libwebp"] as const;
export type Encoder = (typeof ENCODERS)[number];

/** Filters that the colour transform cannot do without; zscale needs an FFmpeg that was built with zimg. */
const FILTERS = ["zscale", "lut1d"] as const;
export type Filter = (typeof FILTERS)[number];

/** What the FFmpeg of this machine can do. */
export type FfmpegAbilities = {
  path: string;
  /** As it calls itself, such as `5.1.9-0+deb12u1`. */
  version: string;
  encoders: Encoder[];
  filters: Filter[];
  /** From 9 on frames say whether their colour is multiplied by alpha, and filters act upon it. */
  hasAlphaModes: boolean;
};

const ASK_SECONDS = 20;

/** Asks the FFmpeg on PATH what it can do; null where there is none that runs. */
export async function findFfmpeg(run: RunProgram = runProgram): Promise<FfmpegAbilities | null> {
  const path = findProgram("ffmpeg");
  if (path === null) return null;
  const ask = async (...question: string[]): Promise<string[]> => {
    const command = { argv: [path, "-hide_banner", ...question] as const, environment: cleanEnvironment() };
    return (await capture(run, command, { timeoutSeconds: ASK_SECONDS })).stdout;
  };
  const version = parseVersion(await ask("-version"));
  if (version === null) return null;
  const encoders = parseNames(await ask("-encoders"));
  const filters = parseNames(await ask("-filters"));
  const setparams = await ask("-h", "filter=setparams");
  return {
    path,
    version,
    encoders: ENCODERS.filter((name) => encoders.has(name)),
    filters: FILTERS.filter((name) => filters.has(name)),
    hasAlphaModes: setparams.some((line) => line.includes("alpha_mode")),
  };
}

/** Reads the version from the output of `ffmpeg -version`. */
export function parseVersion(lines: readonly string[]): string | null {
  return /^ffmpeg version (\S+)/.exec(lines[0] ?? "")?.[1] ?? null;
}

/** Reads the names from a table of `ffmpeg -encoders` or `-filters`: flags, name, description. */
export function parseNames(lines: readonly string[]): Set<string> {
  const names = lines.map((line) => /^ [A-Z.|]+\s+(\w\S*)\s/.exec(line)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}
