/** One scene of a .blend, as it is saved there. */
export type SceneInfo = {
  name: string;
  frameStart: number;
  frameEnd: number;
  frameStep: number;
  fps: number;
  fpsBase: number;
  /** The full size in pixels, before the percentage. */
  resolutionX: number;
  resolutionY: number;
  resolutionPercentage: number;
  /** The picture is smaller than width and height say, because the render border is cropped. */
  cropped: boolean;
  engine: string;
  samples: number | null;
  camera: string | null;
  cameras: string[];
  cameraMarkers: { frame: number; camera: string }[];
  viewLayers: { name: string; use: boolean }[];
  transparent: boolean;
  multiview: boolean;
  /** Whether the sequencer, or the compositor alone, makes the picture; such a scene needs no camera. */
  sequencer: boolean;
  /** Whether strips or speakers may be heard; only Blender can tell for sure. */
  hasSound: boolean;
  outputFormat: string | null;
  color: { display: string | null; view: string | null; look: string | null; exposure: number; gamma: number };
};

export type NeededFile = {
  kind: string;
  /** The name of the data-block in Blender that needs it. */
  name: string;
  path: string;
  packed: boolean;
  missing: boolean;
  /** A file of the project whose name differs only in upper and lower case. */
  nearMatch: string | null;
};

/** What is known of a project's main .blend, and where from. */
export type SceneMetadata = {
  /** `file`: our own reader of the .blend; `blender`: Blender's own reading, which corrects it. */
  source: "file" | "blender";
  /** Whether nothing more will be read. */
  final: boolean;
  mainFile: string;
  /** The .blend files of the project that could be the main one. */
  blendFiles: string[];
  /** The Blender that saved the file, as X.Y. */
  blenderVersion: string;
  activeScene: string;
  scenes: SceneInfo[];
  files: NeededFile[];
  /** Texts that would run as scripts when the file is opened in Blender; they do not run here. */
  scripts: string[];
  unbakedPhysics: string[];
  hasThumbnail: boolean;
};

/** The size of a scene's frames in pixels at a percentage; Blender cuts off what is left of a pixel (BKE_render_resolution). */
export function frameSize(scene: SceneInfo, percentage: number | null): { width: number; height: number } {
  const percent = percentage ?? scene.resolutionPercentage;
  return {
    width: Math.max(1, Math.trunc((scene.resolutionX * percent) / 100)),
    height: Math.max(1, Math.trunc((scene.resolutionY * percent) / 100)),
  };
}

/** The scene that a job renders: the one it names, or the one that was active when the file was saved; null if there is none of that name. */
export function renderedScene(metadata: SceneMetadata, name: string | null): SceneInfo | null {
  const wanted = name ?? metadata.activeScene;
  return (
    metadata.scenes.find((scene) => scene.name === wanted) ?? (name === null ? (metadata.scenes[0] ?? null) : null)
  );
}
