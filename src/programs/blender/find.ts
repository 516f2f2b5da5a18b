import { readdir, realpath, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { compareVersions, parseVersion } from "#domain/blender-version.ts";
import type { RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { findProgram } from "../find-program.ts";
import { runProgram } from "../spawn.ts";
import { parseVersionLine } from "./version.ts";

/** A Blender on this machine; `version` as in `3.4.1`. */
export type FoundBlender = { path: string; version: string };

const VERSION_SECONDS = 30;

/** A folder of versions holds folders of versions, each with what its archive holds: <version>/blender-x.y.z-linux-x64/blender. */
const FOLDER_DEPTH = 2;

export type BlenderPlaces = {
  /** Executables, or folders that hold some. */
  paths: readonly string[];
  /** The value of PATH; empty to look nowhere but in `paths`. */
  searchPath: string;
};

/** Finds the Blenders of this machine by running each; what does not tell its version is none. Newest first, each executable once. */
export async function findBlenders(places: BlenderPlaces, run: RunProgram = runProgram): Promise<FoundBlender[]> {
  const onPath = places.searchPath
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "blender"));
  const given = await Promise.all(places.paths.map((path) => executablesAt(path, FOLDER_DEPTH)));
  const candidates = new Map<string, string>();
  for (const path of [...given.flat(), ...onPath]) {
    if (findProgram(path) === null) continue;
    const real = await realpath(path);
    if (!candidates.has(real)) candidates.set(real, path);
  }
  const found: FoundBlender[] = [];
  for (const path of candidates.values()) {
    const version = await readVersion(path, run);
    if (version !== null) found.push({ path, version });
  }
  return found.sort((a, b) => -compareVersions(parseVersion(a.version)!, parseVersion(b.version)!));
}

/** Runs `blender --version`: it may be a script that starts the real one. Returns null when it does not tell one. */
export async function readVersion(path: string, run: RunProgram = runProgram): Promise<string | null> {
  let version: string | null = null;
  const command = { argv: [path, "--background", "--version"] as const, environment: cleanEnvironment() };
  await run(command, {
    timeoutSeconds: VERSION_SECONDS,
    onLine: (line) => {
      version ??= parseVersionLine(line);
    },
  });
  return version;
}

async function executablesAt(path: string, depth: number): Promise<string[]> {
  const kind = await stat(path).catch(() => null);
  if (!kind?.isDirectory()) return kind ? [path] : [];
  const own = join(path, "blender");
  if (findProgram(own) !== null) return [own];
  if (depth === 0) return [];
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  const found = await Promise.all(folders.sort().map((name) => executablesAt(join(path, name), depth - 1)));
  return found.flat();
}
