import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readBlendFile } from "#formats/blend/read.ts";
import { mixSound, type SoundOutcome } from "#programs/blender/mix-sound.ts";
import { readScene } from "#programs/blender/read-scene.ts";
import { renderFrames } from "#programs/blender/render.ts";
import type { BlenderHost } from "#programs/blender/run-script.ts";
import { run } from "../programs/fixtures/door.ts";
import { ffmpeg, fileOf, makeVideo, namesOf, setStage, type Stage } from "./video-stage.ts";

const MINUTES = 180_000;
const BLENDER = process.env["JIGGABLEND_TEST_BLENDER"] ?? Bun.which("blender") ?? "blender";
const SILENT = ["silent", "muted", "muted-speaker", "idle-speaker", "silent-scene-strip"];
let stage: Stage;
let host: BlenderHost & { projectFolder: string };

beforeAll(async () => {
  stage = await setStage();
  const projectFolder = join(stage.folder, "project");
  mkdirSync(projectFolder);
  ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "pcm_s16le", join(projectFolder, "tone.wav"));
  const script = join(import.meta.dir, "../fixtures/film.py");
  const argv = ["-b", "--factory-startup", "--python-exit-code", "97", "--python", script, "--", projectFolder];
  const made = spawnSync(BLENDER, argv, { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the scenes could not be made:\n${made.stdout}\n${made.stderr}`);
  host = { projectFolder, blender: BLENDER, sandbox: stage.sandbox, homeFolder: join(stage.folder, "home") };
}, MINUTES);
afterAll(() => rmSync(stage.folder, { recursive: true, force: true }));

function mix(name: string, scene: string | null = null, addons: string[] = []): Promise<SoundOutcome> {
  const outputFolder = mkdtempSync(join(stage.folder, "sound-"));
  return mixSound(
    { ...host, mainFile: `${name}.blend`, scene, addons, firstFrame: 25, lastFrame: 48, outputFolder },
    { run },
  );
}

function pathOf(outcome: SoundOutcome): string {
  if (outcome.kind !== "done" || outcome.path === null) throw new Error(JSON.stringify(outcome));
  return outcome.path;
}

/** The loudest of the first and of the second half of a second. */
function halves(path: string): [number, number] {
  const bytes = ffmpeg("-i", path, "-map", "0:a:0", "-af", "aresample=48000", "-ac", "1", "-f", "f32le", "-");
  const samples = new Float32Array(new Uint8Array(bytes).buffer);
  expect(samples.length).toBe(48_000);
  const peak = (from: number, to: number): number =>
    samples.subarray(from, to).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return [peak(0, 23_000), peak(25_000, 48_000)];
}

describe("sound", () => {
  test(
    "begins with the first frame that is rendered, and is exactly as long as the frames",
    async () => {
      const [before, after] = halves(pathOf(await mix("film")));
      expect(before).toBeLessThan(0.001);
      expect(after).toBeGreaterThan(0.05);
    },
    MINUTES,
  );

  test(
    "of speakers, and of other scenes' strips, is there too",
    async () => {
      const [before, after] = halves(pathOf(await mix("speaker")));
      expect(before).toBeLessThan(0.001);
      expect(after).toBeGreaterThan(0.001);
      expect(halves(pathOf(await mix("scene-strip")))[0]).toBeGreaterThan(0.05);
    },
    MINUTES,
  );

  test(
    "is not made where nothing can be heard",
    async () => {
      for (const name of SILENT) expect(await mix(name)).toEqual({ kind: "done", path: null });
    },
    MINUTES,
  );

  test(
    "is told of before anything is rendered, by our own reader and by Blender",
    async () => {
      for (const [names, heard] of [
        [["film", "speaker", "scene-strip"], true],
        [SILENT, false],
      ] as const) {
        for (const name of names) {
          const mainFile = `${name}.blend`;
          const project = { ...host, mainFile };
          const reading = await readScene(host, project, { timeoutSeconds: 120, run });
          const told = reading.scenes.find((scene) => scene.name === "Scene")?.hasSound;
          expect([name, told]).toEqual([name, heard]);
          const { file } = await readBlendFile(Bun.file(join(host.projectFolder, mainFile)));
          // A mute speaker is taken for one that can be heard.
          const own = file.scenes.find((scene) => scene.name === "Scene")?.hasSound;
          expect([name, own]).toEqual([name, heard || name === "muted-speaker"]);
        }
      }
    },
    MINUTES,
  );

  test(
    "is mixed with the add-ons of the job, or not at all",
    async () => {
      expect(pathOf(await mix("film", null, ["node_wrangler"]))).toEndWith("sound.flac");
      const missing = await mix("film", null, ["node_wrangler", "no_such_addon"]);
      expect(missing).toMatchObject({ kind: "failed", reason: "blender_unavailable" });
      expect(missing).toHaveProperty("message", expect.stringContaining('the add-on "no_such_addon"'));
    },
    MINUTES,
  );

  test(
    "of a scene that is not there is an error that says so",
    async () => {
      const outcome = await mix("scene-strip", "Nobody");
      expect(outcome).toMatchObject({ kind: "failed", reason: "load_failed" });
      expect(JSON.stringify(outcome)).toContain("Nobody");
    },
    MINUTES,
  );
});

test(
  "frames that Blender rendered become a video with their light, their alpha and their sound",
  async () => {
    const outputFolder = join(stage.folder, "frames");
    mkdirSync(outputFolder);
    const rendered = await renderFrames(
      {
        ...host,
        ...{ mainFile: "film.blend", frames: Array.from({ length: 24 }, (_, frame) => 25 + frame), outputFolder },
        overrides: { scene: null, camera: null, engine: null, samples: null, resolutionPercentage: null },
        ...{ addons: [], device: "cpu", persistentData: true, hangSeconds: 120, frameTimeLimitSeconds: null },
      },
      { run },
    );
    expect(rendered.kind).toBe("done");
    const frames = rendered.frames.map(({ files }) => files.find(({ main }) => main)!.path);
    const sound = { path: pathOf(await mix("film")), offsetSeconds: 0 };
    const outcome = await makeVideo(stage, "film", { frames, format: "EXR_VP9_WEBM", sound });
    expect(namesOf(outcome)).toEqual(["video.webm", "video.web.webm"]);
    const path = fileOf(outcome, "video.web.webm");
    const decoded = ffmpeg(
      ...["-c:v", "libvpx-vp9", "-i", path, "-map", "0:v:0", "-frames:v", "1"],
      ...["-f", "rawvideo", "-pix_fmt", "yuva420p", "-"],
    );
    const at = (plane: number, x: number): number => (decoded[plane + 16 * 80 + x]! * 1023) / 255;
    const light = [8, 24, 40, 56].map((x) => Math.round(at(0, x)));
    for (const [number, code] of [387, 767, 945, 1023].entries()) {
      expect(Math.abs(light[number]! - code)).toBeLessThan(5);
    }
    const alphaPlane = 80 * 32 * 1.5;
    expect([8, 56, 72].map((x) => Math.round(at(alphaPlane, x)))).toEqual([1023, 1023, 0]);
    const [before, after] = halves(path);
    expect(after).toBeGreaterThan(10 * before);
  },
  MINUTES,
);
