import type { SceneInfo, SceneMetadata } from "#domain/scene.ts";
import type { BlendFile } from "#formats/blend/blend-file.ts";
import { missingFiles } from "#formats/blend/missing-files.ts";
import type { BlendScene } from "#formats/blend/scene.ts";

export type SceneSurroundings = {
  mainFile: string;
  have: readonly string[];
  blendFiles: readonly string[];
  final: boolean;
  hasThumbnail: boolean;
};

/** What our own reader says of a .blend, as the farm keeps it, with the files that it needs and the project lacks. */
export function sceneMetadata(blend: BlendFile, around: SceneSurroundings): SceneMetadata {
  const missing = new Map(missingFiles(blend.files, around.have, around.mainFile).map((one) => [one.file, one]));
  return {
    source: "file",
    final: around.final,
    mainFile: around.mainFile,
    blendFiles: [...around.blendFiles],
    blenderVersion: blend.version,
    activeScene: blend.activeScene ?? blend.scenes[0]?.name ?? "",
    scenes: blend.scenes.map(sceneInfo),
    files: blend.files.map((file) => ({
      kind: file.kind,
      name: file.idName,
      path: file.path,
      packed: file.packed,
      missing: missing.has(file),
      nearMatch: missing.get(file)?.nearMatch ?? null,
    })),
    scripts: blend.scripts.map((script) => script.name),
    unbakedPhysics: blend.physics.map((one) => `${one.kind.replaceAll("_", " ")} of "${one.object}"`),
    hasThumbnail: around.hasThumbnail,
  };
}

function sceneInfo(scene: BlendScene): SceneInfo {
  const color = scene.colorManagement;
  return {
    name: scene.name,
    frameStart: scene.frameStart,
    frameEnd: scene.frameEnd,
    frameStep: scene.frameStep,
    fps: scene.fps,
    fpsBase: scene.fpsBase,
    resolutionX: scene.resolutionX,
    resolutionY: scene.resolutionY,
    resolutionPercentage: scene.resolutionPercentage,
    cropped: scene.border?.crop ?? false,
    engine: scene.engine,
    samples: scene.engine === "CYCLES" ? scene.cycles.samples : scene.eeveeSamples,
    camera: scene.camera,
    cameras: scene.cameras,
    cameraMarkers: scene.cameraMarkers,
    viewLayers: scene.viewLayers,
    transparent: scene.filmTransparent,
    multiview: scene.stereo !== null,
    sequencer: scene.sequencer.use || (scene.compositor.use && !scene.compositor.renderLayers),
    hasSound: scene.hasSound,
    outputFormat: scene.output.format,
    color: {
      display: color?.displayDevice ?? null,
      view: color?.viewTransform ?? null,
      look: color?.look ?? null,
      exposure: color?.exposure ?? 0,
      gamma: color?.gamma ?? 1,
    },
  };
}
