import { describe, expect, test } from "bun:test";
import { judgeScene } from "#domain/judge-scene.ts";
import type { JobOverrides } from "#domain/job.ts";
import { frameSize, renderedScene, type NeededFile } from "#domain/scene.ts";
import { aMetadata, aScene } from "../support/metadata.ts";

const asTheSceneSays: JobOverrides = {
  mainFile: null,
  scene: null,
  camera: null,
  engine: null,
  device: "auto",
  samples: null,
  resolutionPercentage: null,
  blenderVersion: null,
  addons: [],
};
const missing = (file: Partial<NeededFile>): NeededFile => ({
  kind: "image",
  name: "tex",
  path: "//tex.png",
  packed: false,
  missing: true,
  nearMatch: null,
  ...file,
});

describe("a scene stops before any runner is bothered", () => {
  test("when it has no active camera, and says which it could use", () => {
    const metadata = aMetadata({ scenes: [aScene({ camera: null, cameras: ["Left", "Right"] })] });
    const { problem } = judgeScene(metadata, asTheSceneSays);
    expect(problem?.reason).toBe("no_camera");
    expect(problem?.message).toContain('"Left", "Right"');
    expect(judgeScene(metadata, { ...asTheSceneSays, camera: "Left" }).problem).toBeNull();
  });

  test("when the camera that was asked for is not there", () => {
    expect(judgeScene(aMetadata(), { ...asTheSceneSays, camera: "Drone" }).problem?.message).toContain(
      'no camera "Drone"',
    );
  });

  test("when the scene that was asked for is not there", () => {
    expect(judgeScene(aMetadata(), { ...asTheSceneSays, scene: "Other" }).problem?.message).toContain('it has "Scene"');
  });

  test("when its engine is an add-on, unless another one is asked for", () => {
    const metadata = aMetadata({ scenes: [aScene({ engine: "LUXCORE" })] });
    expect(judgeScene(metadata, asTheSceneSays).problem?.reason).toBe("blender_unavailable");
    expect(judgeScene(metadata, { ...asTheSceneSays, engine: "CYCLES" }).problem).toBeNull();
  });

  test("when a linked library is missing", () => {
    const metadata = aMetadata({ files: [missing({ kind: "library", path: "//lib/props.blend" })] });
    expect(judgeScene(metadata, asTheSceneSays).problem).toEqual({
      reason: "missing_files",
      message: 'Linked libraries were not uploaded: "//lib/props.blend". Add them to the project.',
    });
  });
});

describe("a scene without a camera renders all the same", () => {
  test("when its sequencer makes the picture", () => {
    expect(
      judgeScene(aMetadata({ scenes: [aScene({ camera: null, sequencer: true })] }), asTheSceneSays).problem,
    ).toBeNull();
  });

  test("when markers bind cameras", () => {
    const scene = aScene({ camera: null, cameraMarkers: [{ frame: 1, camera: "A" }] });
    expect(judgeScene(aMetadata({ scenes: [scene] }), asTheSceneSays).problem).toBeNull();
  });
});

test("a library that is there in other letters is a warning, for it is found", () => {
  const files = [missing({ kind: "library", path: "//Props.blend", nearMatch: "props.blend" })];
  const { problem, warnings } = judgeScene(aMetadata({ files }), asTheSceneSays);
  expect([problem, warnings.map(({ code }) => code)]).toEqual([null, ["missing_file_case"]]);
});

test("what will look otherwise is a warning by name", () => {
  const metadata = aMetadata({
    files: [
      missing({ path: "//wood.png" }),
      missing({ path: "//Cloth.PNG", nearMatch: "cloth.png" }),
      missing({ packed: true }),
    ],
    scripts: ["rig_ui.py"],
    unbakedPhysics: ['"Flag" (cloth)'],
  });
  const { problem, warnings } = judgeScene(metadata, asTheSceneSays);
  expect(problem).toBeNull();
  expect(warnings.map((warning) => warning.code)).toEqual([
    "missing_file",
    "missing_file_case",
    "script_blocked",
    "unbaked_physics",
  ]);
  expect(warnings[0]!.message).toContain("//wood.png");
  expect(warnings[1]!.message).toContain("cloth.png");
});

test("a frame's size is cut off to whole pixels, as Blender does", () => {
  const scene = aScene({ resolutionX: 1921, resolutionY: 1081, resolutionPercentage: 50 });
  expect(frameSize(scene, null)).toEqual({ width: 960, height: 540 });
  expect(frameSize(scene, 100)).toEqual({ width: 1921, height: 1081 });
  expect(frameSize(scene, 1)).toEqual({ width: 19, height: 10 });
});

test("the scene that was open is rendered unless another is named", () => {
  const metadata = aMetadata({ activeScene: "B", scenes: [aScene({ name: "A" }), aScene({ name: "B" })] });
  expect(renderedScene(metadata, null)?.name).toBe("B");
  expect(renderedScene(metadata, "A")?.name).toBe("A");
  expect(renderedScene(metadata, "C")).toBeNull();
});
