import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mixSound, type SoundOutcome } from "#programs/blender/mix-sound.ts";
import type { ProgramResult, RunProgram } from "#programs/command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sound-"));
  for (const name of ["out", "project", "blender"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "blender/blender"), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

type Request = {
  marker: string;
  output: string;
  addons: string[];
  firstFrame: number;
  lastFrame: number;
  scene: string | null;
};
type Told = Record<string, unknown>;

const ENDED: ProgramResult = {
  ...{ reason: "exited", exitCode: 0, signal: null, message: null },
  ...{ durationSeconds: 1, maxRssBytes: 7 },
};

/** Plays a Blender that tells of what happens, perhaps saves a file, and ends. */
async function mix(
  tells: Told[],
  { saves = false, end = {} }: { saves?: boolean; end?: Partial<ProgramResult> } = {},
): Promise<{ outcome: SoundOutcome; request: Request; argv: readonly string[] }> {
  let request: Request | null = null;
  let argv: readonly string[] = [];
  const run: RunProgram = async (command, options) => {
    argv = command.argv;
    request = JSON.parse(readFileSync(command.argv.at(-1)!, "utf8")) as Request;
    for (const stream of ["stdout", "stderr"] as const) await options?.onLine?.(request.marker, stream);
    for (const event of tells) await options?.onEvent?.(event);
    if (saves) writeFileSync(request.output, "fLaC");
    return { ...ENDED, ...end };
  };
  const outcome = await mixSound(
    {
      ...{ blender: join(folder, "blender/blender"), sandbox: { kind: "none", detail: "" } },
      ...{ homeFolder: join(folder, "home"), projectFolder: join(folder, "project"), mainFile: "a.blend" },
      ...{ scene: "Shot", firstFrame: 25, lastFrame: 48, outputFolder: join(folder, "out") },
      addons: ["node_wrangler", "rigify"],
    },
    { run },
  );
  return { outcome, request: request!, argv };
}

const STARTED: Told = { type: "started", scene: "Shot" };

test("what Blender mixed is in the folder, and nothing else", async () => {
  const { outcome, request } = await mix([STARTED, { type: "mixed", hasSound: true }], { saves: true });
  expect(request).toMatchObject({ scene: "Shot", firstFrame: 25, lastFrame: 48 });
  expect(outcome).toEqual({ kind: "done", path: join(folder, "out/sound.flac") });
  expect(readdirSync(join(folder, "out"))).toEqual(["sound.flac"]);
});

test("the add-ons of the job are switched on before the file is opened, and the script looks whether they are there", async () => {
  const { argv, request } = await mix([STARTED, { type: "mixed", hasSound: false }]);
  const at = argv.indexOf("--addons");
  expect(argv.slice(at, at + 3)).toEqual(["--addons", "node_wrangler,rigify", join(folder, "project/a.blend")]);
  expect(request.addons).toEqual(["node_wrangler", "rigify"]);
});

test("where nothing can be heard there is no file", async () => {
  const { outcome } = await mix([STARTED, { type: "mixed", hasSound: false }]);
  expect(outcome).toEqual({ kind: "done", path: null });
  expect(readdirSync(join(folder, "out"))).toEqual([]);
});

test("what the script says went wrong is the reason, and half a file is not left behind", async () => {
  const failed = { type: "failed", reason: "internal", message: "Blender did not finish mixing the sound." };
  const { outcome } = await mix([STARTED, failed], { saves: true, end: { exitCode: 1 } });
  expect(outcome).toMatchObject({ kind: "failed", reason: "internal", message: failed.message });
  expect(readdirSync(join(folder, "out"))).toEqual([]);
});

test("a Blender that ends well without having mixed anything has failed", async () => {
  expect((await mix([STARTED])).outcome).toMatchObject({ kind: "failed", reason: "internal" });
});

test("an abort is no failure", async () => {
  expect((await mix([STARTED], { end: { reason: "aborted", exitCode: null } })).outcome).toEqual({ kind: "aborted" });
});
