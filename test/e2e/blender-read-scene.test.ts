import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBlenders } from "#programs/blender/find.ts";
import { probeBlender } from "#programs/blender/probe.ts";
import { readScene, type SceneReadingOptions } from "#programs/blender/read-scene.ts";
import type { SceneReading } from "#programs/blender/scene-reading.ts";
import { clearStage, run, setStage, type Stage } from "./blender-stage.ts";

const MINUTE = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, MINUTE);
afterAll(() => clearStage(stage));

function read(mainFile: string, folder = "", options: Partial<SceneReadingOptions> = {}): Promise<SceneReading> {
  const project = { projectFolder: join(stage.projectFolder, folder), mainFile };
  return readScene(stage, project, { timeoutSeconds: 60, run, ...options });
}

test(
  "a scene is told with its frames, size, cameras, markers and engine",
  async () => {
    const reading = await read("cameras.blend");
    expect(reading.scenes.map((scene) => scene.name).sort()).toEqual(["Other", "Shots"]);
    expect(reading.activeScene).toBe("Shots");
    expect(reading.scenes.find((scene) => scene.name === "Shots")).toMatchObject({
      frameStart: 1,
      frameEnd: 5,
      frameStep: 1,
      fps: 24,
      fpsBase: 1,
      resolutionX: 32,
      resolutionY: 18,
      resolutionPercentage: 100,
      cropped: false,
      engine: "CYCLES",
      samples: 1,
      camera: "Camera",
      cameras: expect.arrayContaining(["Camera", "Kamera ü"]),
      cameraMarkers: [
        { frame: 1, camera: "Camera" },
        { frame: 3, camera: "Kamera ü" },
      ],
      transparent: false,
      multiview: false,
      sequencer: false,
    });
    expect(reading.savedVersion).toBe(reading.blenderVersion.split(".").slice(0, 2).join("."));
  },
  MINUTE,
);

test(
  "transparency, formats, views and edits are told",
  async () => {
    expect((await read("bright.blend")).scenes[0]).toMatchObject({ transparent: true, outputFormat: "JPEG" });
    expect((await read("stereo.blend")).scenes[0]).toMatchObject({ multiview: true });
    expect((await read("sequence.blend")).scenes[0]).toMatchObject({ sequencer: true, camera: null, cameras: [] });
  },
  MINUTE,
);

test(
  "needed files are told with those that are missing, and those that are there in other letters",
  async () => {
    const { files } = await read("scenes/main scene.blend", "project");
    const told = files.map(({ kind, path, missing, nearMatch }) => [kind, path, missing, nearMatch]);
    expect(told.sort()).toEqual([
      ["image", "//old/skin.<UDIM>.png", false, null],
      ["image", "//tex/Cloth.PNG", true, "textures/ä ö/cloth.png"],
      ["image", "/nowhere/gone.png", true, null],
      // Blender has turned its backslashes while it opened the file.
      ["image", "C:/Users/me/tex/metal.png", false, null],
      ["library", "//../elsewhere/lib rary.blend", false, null],
    ]);
  },
  MINUTE,
);

test(
  "scripts are named and do not run, and unbaked physics are told",
  async () => {
    const hostile = await read("hostile.blend");
    expect(hostile.texts).toContainEqual({ name: "run on load.py", register: true });
    // Blender tells the last of them.
    expect(hostile.blockedScript).toMatch(/run on load\.py|Driver/);
    expect(readdirSync(stage.projectFolder).filter((name) => name.startsWith("ran-"))).toEqual([]);
    expect((await read("physics.blend")).unbakedPhysics.sort()).toEqual(['cloth of "Flag"', 'particles of "Smoke"']);
  },
  MINUTE,
);

test(
  "a file that Blender cannot open is damaged, in Blender's own words",
  async () => {
    writeFileSync(join(stage.projectFolder, "garbage.blend"), "BLENDER-v304" + "x".repeat(1000));
    expect(read("garbage.blend")).rejects.toMatchObject({ code: "damaged_scene" });
    await read("garbage.blend").catch(() => {});
  },
  MINUTE,
);

test(
  "a reading can be ended",
  async () => {
    const reason = new Error("stopping");
    expect(read("bright.blend", "", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(read("bright.blend", "", { timeoutSeconds: 0.05 })).rejects.toThrow("too long");
    await read("bright.blend", "", { timeoutSeconds: 0.05 }).catch(() => {});
  },
  MINUTE,
);

test(
  "the installed Blender is found, and tells what it can do in its sandbox",
  async () => {
    const [found] = await findBlenders({ paths: [stage.blender], searchPath: "" }, run);
    const abilities = await probeBlender(stage, run);
    expect(abilities?.version).toBe(found!.version);
    expect(abilities?.engines).toEqual(expect.arrayContaining(["CYCLES", "BLENDER_WORKBENCH"]));
    expect(abilities?.engines.some((engine) => engine.startsWith("BLENDER_EEVEE"))).toBe(true);
  },
  MINUTE,
);
