import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { probeBlender } from "#programs/blender/probe.ts";
import { clearStage, fileNames, readPicture, render, run, setStage, warnings, type Stage } from "./blender-stage.ts";

const MINUTE = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, MINUTE);
afterAll(() => clearStage(stage));

test(
  "a scene that saves JPEG and never overwrites comes out as EXR with alpha, and with values above 1",
  async () => {
    const played = await render(stage, "bright.blend");
    expect(played.kind).toBe("done");
    expect(fileNames(played)).toEqual(["frame_0001.exr"]);
    const picture = readPicture(played, "frame_0001.exr");
    expect([picture.width, picture.height]).toEqual([32, 18]);
    expect(picture.at(16, 9)).toEqual([4, 2, 1, 1]);
    expect(picture.at(0, 0)).toEqual([0, 0, 0, 0]);
    expect(played.peakMemoryBytes).toBeGreaterThan(50_000_000);
  },
  MINUTE,
);

test(
  "frames with gaps come out one by one, each as it should be",
  async () => {
    const frames = [0, 1, 2, 4, 12, 10000];
    const played = await render(stage, "moving.blend", { frames });
    expect(played.kind).toBe("done");
    expect(played.frames.map(({ frame }) => frame)).toEqual(frames);
    expect(fileNames(played).at(-1)).toBe("frame_10000.exr");
    for (const frame of [0, 1, 2, 4, 12]) {
      const name = `frame_${String(frame).padStart(4, "0")}.exr`;
      expect(readPicture(played, name).at(5, 5)[0]).toBeCloseTo(frame, 2);
    }
    const order = played.events.flatMap((event) => (event.type.startsWith("frame_") ? [event.type] : []));
    expect(order.slice(0, 4)).toEqual(["frame_started", "frame_saved", "frame_started", "frame_saved"]);
  },
  MINUTE,
);

test(
  "data kept from frame to frame changes no pixel",
  async () => {
    const played = await render(stage, "moving.blend", { frames: [3, 4], persistentData: true });
    expect(readPicture(played, "frame_0004.exr").at(5, 5)[0]).toBeCloseTo(4, 2);
  },
  MINUTE,
);

test(
  "camera markers switch the camera, and a camera that the job names overrules them",
  async () => {
    const cut = await render(stage, "cameras.blend", { frames: [2, 3] });
    expect(readPicture(cut, "frame_0002.exr").at(16, 9)).toEqual([1, 0, 0, 1]);
    expect(readPicture(cut, "frame_0003.exr").at(16, 9)).toEqual([0, 1, 0, 1]);
    const kept = await render(stage, "cameras.blend", { frames: [2, 3], camera: "Kamera ü" });
    expect(readPicture(kept, "frame_0002.exr").at(16, 9)).toEqual([0, 1, 0, 1]);
  },
  MINUTE,
);

test(
  "the job's scene and size are used",
  async () => {
    const played = await render(stage, "cameras.blend", { scene: "Other", samples: 3, resolutionPercentage: 50 });
    const picture = readPicture(played, "frame_0001.exr");
    expect([picture.width, picture.height]).toEqual([8, 8]);
    expect(picture.at(4, 4)).toEqual([0, 0, 1, 1]);
    expect(played.events.find((event) => event.type === "started")).toMatchObject({ scene: "Other", engine: "CYCLES" });
  },
  MINUTE,
);

test(
  "the job's samples are used",
  async () => {
    const played = await render(stage, "bright.blend", { samples: 7 });
    const last = played.lines.findLast((line) => /Sample \d+\/\d+/.test(line));
    // Blender 5 tells them only of frames that take long.
    if (last !== undefined) expect(last).toContain("/7");
  },
  MINUTE,
);

test(
  "what is not in the file is told by name",
  async () => {
    const scene = await render(stage, "cameras.blend", { scene: "Nope" });
    expect(scene).toMatchObject({
      kind: "failed",
      reason: "load_failed",
      message: expect.stringContaining('"Other", "Shots"'),
    });
    const camera = await render(stage, "cameras.blend", { camera: "Other Camera" });
    expect(camera).toMatchObject({ kind: "failed", reason: "no_camera", message: expect.stringContaining("Kamera ü") });
    const engine = await render(stage, "cameras.blend", { engine: "LUXCORE" });
    expect(engine).toMatchObject({
      kind: "failed",
      reason: "blender_unavailable",
      message: expect.stringContaining("LUXCORE"),
    });
  },
  MINUTE,
);

test(
  "a scene without a camera fails for that, and an edit needs none",
  async () => {
    expect(await render(stage, "no-camera.blend")).toMatchObject({ kind: "failed", reason: "no_camera", frames: [] });
    const edit = await render(stage, "sequence.blend");
    expect(edit.kind).toBe("done");
    expect(readPicture(edit, "frame_0001.exr").at(5, 5)).toEqual([1, 0, 0, 1]);
  },
  MINUTE,
);

test(
  "a scene of an engine that is an add-on is not rendered by another",
  async () => {
    const bytes = await Bun.file(join(stage.projectFolder, "bright.blend")).bytes();
    const text = Buffer.from(bytes)
      .toString("latin1")
      .replace(/CYCLES\0./, "LUXCORE\0");
    writeFileSync(join(stage.projectFolder, "luxcore.blend"), Buffer.from(text, "latin1"));
    const played = await render(stage, "luxcore.blend");
    expect(played).toMatchObject({ kind: "failed", reason: "blender_unavailable", frames: [] });
    expect(played.kind === "failed" && played.message).toContain('"LUXCORE"');
    expect((await render(stage, "luxcore.blend", { engine: "CYCLES" })).kind).toBe("done");
  },
  MINUTE,
);

test(
  "a file that is no .blend, is cut off or is not there cannot be opened",
  async () => {
    const whole = await Bun.file(join(stage.projectFolder, "bright.blend")).bytes();
    writeFileSync(join(stage.projectFolder, "cut.blend"), whole.slice(0, whole.length / 2));
    writeFileSync(join(stage.projectFolder, "text.blend"), "version https://git-lfs.github.com/spec/v1\n");
    for (const file of ["cut.blend", "text.blend", "nothing.blend"]) {
      expect(await render(stage, file)).toMatchObject({ kind: "failed", reason: "load_failed", frames: [] });
    }
  },
  MINUTE,
);

test(
  "both views of a stereo frame are its files, and their names cannot lead elsewhere",
  async () => {
    const played = await render(stage, "stereo.blend", { frames: [1, 2] });
    expect(played.frames.map((frame) => frame.files.map(({ name, main }) => [name, main]))).toEqual([
      [
        ["frame_0001_L.exr", true],
        ["frame_0001_R.exr", false],
      ],
      [
        ["frame_0002_L.exr", true],
        ["frame_0002_R.exr", false],
      ],
    ]);
  },
  MINUTE,
);

test(
  "File Output nodes write beside the frame and nowhere else, in the formats they have",
  async () => {
    const played = await render(stage, "file-outputs.blend", { frames: [1, 2] });
    expect(played.kind).toBe("done");
    const names = played.frames.map((frame) => frame.files.map(({ name }) => name).sort());
    expect(names[0]).toEqual([
      "frame_0001.Beauty-more-Image.exr",
      "frame_0001.Beauty-more-up-b.exr",
      "frame_0001.Inner-Image.exr",
      "frame_0001.Layered-layers.exr",
      "frame_0001.Png-mask.png",
      "frame_0001.exr",
    ]);
    expect(names[1]).toEqual(names[0]!.map((name) => name.replace("0001", "0002")));
    expect(warnings(played).filter((text) => text.startsWith("file_output_redirected"))).toHaveLength(4);
    expect(existsSync(join(stage.projectFolder, "escaped")) || existsSync(join(stage.folder, "escaped"))).toBe(false);
  },
  MINUTE,
);

test(
  "nothing in a hostile file runs, and the job hears of it",
  async () => {
    const played = await render(stage, "hostile.blend");
    expect(played.kind).toBe("done");
    expect(readdirSync(stage.projectFolder).filter((name) => name.startsWith("ran-"))).toEqual([]);
    const codes = played.events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
    expect(codes.sort()).toEqual(["freestyle_script_disabled", "freestyle_script_disabled", "script_blocked"]);
  },
  MINUTE,
);

test(
  "also without a sandbox nothing in a hostile file runs",
  async () => {
    const played = await render(stage, "hostile.blend", { sandbox: { kind: "none", detail: "test" } });
    expect(played.kind).toBe("done");
    expect(readdirSync(stage.projectFolder).filter((name) => name.startsWith("ran-"))).toEqual([]);
  },
  MINUTE,
);

test(
  "a Blender without the denoiser renders all the same, and says so",
  async () => {
    const played = await render(stage, "denoised.blend");
    expect(played.kind).toBe("done");
    const { denoiser, version } = (await probeBlender(stage, run))!;
    // Before 2.90 each layer was denoised, by what every build has.
    const lacks = !denoiser && !version.startsWith("2.8");
    expect(warnings(played)).toHaveLength(lacks ? 1 : 0);
    if (lacks) expect(warnings(played)[0]).toContain("no_denoiser");
  },
  MINUTE,
);

test(
  "without a GPU, auto renders on the CPU and warns where the scene asks for one, and gpu fails",
  async () => {
    const auto = await render(stage, "gpu.blend");
    if (auto.events.some((event) => event.type === "started" && event.device !== "CPU")) return;
    expect(auto.kind).toBe("done");
    expect(warnings(auto).join()).toContain("cpu_instead_of_gpu");
    expect(warnings(await render(stage, "gpu.blend", { device: "cpu" }))).toEqual([]);
    expect(warnings(await render(stage, "bright.blend"))).toEqual([]);
    expect(await render(stage, "gpu.blend", { device: "gpu" })).toMatchObject({
      kind: "failed",
      reason: "gpu_unavailable",
    });
  },
  MINUTE,
);

test(
  "files that lie elsewhere in the project are found by name, also in other letters; the missing ones are named",
  async () => {
    const played = await render(stage, "scenes/main scene.blend", {
      projectFolder: join(stage.projectFolder, "project"),
    });
    expect(played.kind).toBe("done");
    const found = played.events.flatMap((event) => (event.type === "file_found" ? [event.found] : []));
    expect(found.sort()).toEqual([
      "assets/lib rary.blend",
      "textures/ä ö/cloth.png",
      "textures/ä ö/metal.png",
      "textures/ä ö/skin.<UDIM>.png",
    ]);
    expect(warnings(played).sort()).toEqual([
      'missing_file: The image "/nowhere/gone.png" was not uploaded.',
      'missing_file_case: The image "//tex/Cloth.PNG" is in the project as "textures/ä ö/cloth.png"; that one is used.',
    ]);
    expect(readPicture(played, "frame_0001.exr").at(3, 3)).toEqual([1, 1, 1, 1]);
  },
  MINUTE,
);

test(
  "a library that was not uploaded is an error, for whole objects would be missing",
  async () => {
    const played = await render(stage, "missing-library.blend", { projectFolder: join(stage.projectFolder, "alone") });
    expect(played).toMatchObject({
      kind: "failed",
      reason: "missing_files",
      message: expect.stringContaining("lost.blend"),
    });
  },
  MINUTE,
);

test(
  "an abort ends Blender at once, and keeps the frames that were saved",
  async () => {
    const abort = new AbortController();
    const frames = Array.from({ length: 500 }, (_, index) => index + 1);
    const onEvent = (event: { type: string }): void => (event.type === "frame_saved" ? abort.abort() : undefined);
    const played = await render(stage, "moving.blend", { frames }, { signal: abort.signal, onEvent });
    expect(played.kind).toBe("aborted");
    expect(played.frames.length).toBeGreaterThan(0);
    expect(played.frames.length).toBeLessThan(500);
  },
  MINUTE,
);

test(
  "a frame that takes longer than its limit is ended",
  async () => {
    const wish = { samples: 1_000_000, resolutionPercentage: 3000, frameTimeLimitSeconds: 1 };
    expect(await render(stage, "bright.blend", wish)).toMatchObject({ kind: "failed", reason: "timeout" });
  },
  MINUTE,
);
