import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const SCRIPTS = join(import.meta.dir, "../fixtures/scenes");
const CACHE = resolve(import.meta.dir, "../../.cache/scenes");

/** The Blender that makes the scenes and renders what the farm's frames are compared with. */
export const BLENDER = process.env["JIGGABLEND_TEST_BLENDER"] ?? "blender";

/**
 * The folder with the scenes of test/fixtures/scenes, made by Blender itself in one run (some seconds) and kept for the next time.
 * They know their folder by its absolute path: some try to write there.
 */
export function scenes(): Promise<string> {
  return (made ??= makeScenes());
}

let made: Promise<string> | undefined;

async function makeScenes(): Promise<string> {
  const folder = join(CACHE, await fingerprint());
  if (existsSync(join(folder, "done"))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await blender(["--python", join(SCRIPTS, "make_scenes.py"), "--", folder]);
  await Bun.write(join(folder, "done"), "");
  return folder;
}

/** Runs Blender in the background, with factory settings, to its end; throws with its output when it fails. */
export async function blender(args: readonly string[]): Promise<string> {
  const child = Bun.spawn([BLENDER, "-b", "--factory-startup", "--python-exit-code", "97", ...args], {
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env["PATH"] ?? "", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`Blender ended with ${child.exitCode}:\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

async function fingerprint(): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256").update(await blender(["--version"]));
  for (const name of readdirSync(SCRIPTS)
    .filter((each) => each.endsWith(".py"))
    .sort())
    hash.update(name).update(readFileSync(join(SCRIPTS, name)));
  return hash.digest("hex").slice(0, 16);
}
