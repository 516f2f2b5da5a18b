import { mkdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { FailureReason } from "#domain/failure.ts";
import type { RunOptions, RunProgram } from "../command.ts";
import { runProgram } from "../spawn.ts";
import { isObject } from "./decode.ts";
import { LastLines } from "./last-lines.ts";
import { judgeRender, type RenderFacts } from "./outcome.ts";
import { decodeScriptEvent } from "./render-event.ts";
import { runScript, type BlenderHost } from "./run-script.ts";

/** The frames of a scene whose sound is wanted, from the first to the last. */
export type SoundOrder = BlenderHost & {
  /** The unpacked project; Blender reads nothing else of this machine's files. */
  projectFolder: string;
  /** The main .blend, as a path inside the project. */
  mainFile: string;
  /** Null for the one that was active when the file was saved. */
  scene: string | null;
  /** Modules of add-ons to switch on before the file is opened; they are part of this Blender, or the mix fails. */
  addons: readonly string[];
  firstFrame: number;
  lastFrame: number;
  /** A folder that exists, for `sound.flac`. */
  outputFolder: string;
};

export type SoundWatch = {
  onLine?: NonNullable<RunOptions["onLine"]>;
  signal?: AbortSignal;
  run?: RunProgram;
};

/** How it ended; `path` is null when nothing in the scene can be heard. */
export type SoundOutcome =
  | { kind: "done"; path: string | null }
  | { kind: "aborted" }
  | { kind: "failed"; reason: FailureReason; message: string };

const SOUND_FILE = "sound.flac";

/**
 * Lets Blender mix the sound strips and speakers of a scene, so that it begins with the first frame and is exactly as long as the frames
 * are when each is shown once. Throws only when a callback throws or the folder cannot be written to.
 */
export async function mixSound(order: SoundOrder, watch: SoundWatch = {}): Promise<SoundOutcome> {
  const { onLine, signal, run = runProgram } = watch;
  const workFolder = join(order.outputFolder, "sound-work");
  await mkdir(workFolder, { recursive: true });
  const output = join(workFolder, SOUND_FILE);
  const { scene, addons, firstFrame, lastFrame, projectFolder } = order;
  const lastLines = new LastLines();
  const facts = { started: false, failed: null as RenderFacts["failed"] };
  let hasSound: boolean | null = null;
  const task = {
    script: "sound.py",
    file: join(projectFolder, order.mainFile),
    addons,
    request: { projectFolder, scene, addons, firstFrame, lastFrame, output },
    readable: [projectFolder],
    writable: [workFolder],
    gpu: false,
    scratchFolder: order.outputFolder,
  } as const;
  const result = await runScript(order, task, run, {
    ...(signal && { signal }),
    onEvent: (told) => {
      const event = decodeScriptEvent(told);
      if (event?.type === "started") facts.started = true;
      if (event?.type === "failed") facts.failed = event;
      if (isObject(told) && told["type"] === "mixed") hasSound = told["hasSound"] === true;
    },
    onLine: async (line, stream) => {
      lastLines.add(line);
      await onLine?.(line, stream);
    },
  });
  const { bavail, bsize } = await statfs(order.outputFolder);
  const rest = { endedFor: null, frame: null, missingFrames: [], freeBytes: bavail * bsize };
  const verdict = judgeRender({ ...facts, ...rest, result, lastLines });
  const path = verdict.kind === "done" && hasSound ? join(order.outputFolder, SOUND_FILE) : null;
  if (path) await rename(output, path);
  await rm(workFolder, { recursive: true, force: true });
  if (verdict.kind !== "done") return verdict;
  if (hasSound === null)
    return { kind: "failed", reason: "internal", message: "Blender ended before it had mixed the sound." };
  return { kind: "done", path };
}
