import type { SceneInfo, SceneMetadata } from "#domain/scene.ts";

/** A scene that can be rendered, but for what a test says otherwise. */
export function aScene(change: Partial<SceneInfo> = {}): SceneInfo {
  return {
    name: "Scene",
    frameStart: 1,
    frameEnd: 4,
    frameStep: 1,
    fps: 24,
    fpsBase: 1,
    resolutionX: 64,
    resolutionY: 36,
    resolutionPercentage: 100,
    cropped: false,
    engine: "CYCLES",
    samples: 4,
    camera: "Camera",
    cameras: ["Camera"],
    cameraMarkers: [],
    viewLayers: [{ name: "ViewLayer", use: true }],
    transparent: true,
    multiview: false,
    sequencer: false,
    hasSound: false,
    outputFormat: "PNG",
    color: { display: "sRGB", view: "Filmic", look: null, exposure: 0, gamma: 1 },
    ...change,
  };
}

/** The metadata of a .blend with one scene, but for what a test says otherwise. */
export function aMetadata(change: Partial<SceneMetadata> = {}): SceneMetadata {
  return {
    source: "file",
    final: true,
    mainFile: "scene.blend",
    blendFiles: ["scene.blend"],
    blenderVersion: "3.4",
    activeScene: "Scene",
    scenes: [aScene()],
    files: [],
    scripts: [],
    unbakedPhysics: [],
    hasThumbnail: false,
    ...change,
  };
}
