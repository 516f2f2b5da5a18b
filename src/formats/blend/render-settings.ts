import { cyclesGroup } from "./cycles.ts";
import { numberProperty } from "./id-properties.ts";
import type { Struct } from "./struct.ts";

/** A part of the picture to render, from 0 to 1 from the lower left corner; `crop` makes the picture that small. */
export type RenderBorder = { left: number; right: number; bottom: number; top: number; crop: boolean };

export type RenderSettings = {
  frameStart: number;
  frameEnd: number;
  frameStep: number;
  frameCurrent: number;
  /** Frames per second are `fps / fpsBase`: 24 / 1.001 is 23.976. */
  fps: number;
  fpsBase: number;
  /** Size in pixels, before `resolutionPercentage`. */
  resolutionX: number;
  resolutionY: number;
  resolutionPercentage: number;
  pixelAspectX: number;
  pixelAspectY: number;
  border: RenderBorder | null;
  /** As the file names it, also if that engine is an add-on: `CYCLES`, `BLENDER_EEVEE`, `BLENDER_RENDER` … */
  engine: string;
  filmTransparent: boolean;
  /** Keep what was loaded for the next frame. */
  persistentData: boolean;
  motionBlur: boolean;
  simplify: boolean;
  /** Lines are drawn by Freestyle, which can run Python of the file's own. */
  freestyle: boolean;
};

/** `r.mode` in DNA_scene_types.h. */
const MODE = {
  border: 1 << 9,
  crop: 1 << 11,
  motionBlur: 1 << 14,
  simplify: 1 << 24,
  freestyle: 1 << 25,
  persistentData: 1 << 26,
};
const ALPHA_TRANSPARENT = 1;
const FIRST_WITH_FILM_IN_SCENE = 280;

export function renderSettingsOf(scene: Struct, version: number): RenderSettings {
  return {
    frameStart: scene.number("r.sfra") ?? 1,
    frameEnd: scene.number("r.efra") ?? 1,
    frameStep: scene.number("r.frame_step", "frame_step") ?? 1,
    frameCurrent: scene.number("r.cfra") ?? 1,
    fps: scene.number("r.frs_sec") ?? 24,
    fpsBase: scene.number("r.frs_sec_base") ?? 1,
    resolutionX: scene.number("r.xsch") ?? 0,
    resolutionY: scene.number("r.ysch") ?? 0,
    resolutionPercentage: scene.number("r.size") ?? 100,
    pixelAspectX: scene.number("r.xasp") ?? 1,
    pixelAspectY: scene.number("r.yasp") ?? 1,
    border: scene.flag("r.mode", MODE.border) ? borderOf(scene) : null,
    engine: scene.text("r.engine") || "BLENDER_RENDER",
    filmTransparent: isFilmTransparent(scene, version),
    persistentData: scene.flag("r.mode", MODE.persistentData),
    motionBlur: scene.flag("r.mode", MODE.motionBlur),
    simplify: scene.flag("r.mode", MODE.simplify),
    freestyle: scene.flag("r.mode", MODE.freestyle),
  };
}

function borderOf(scene: Struct): RenderBorder {
  return {
    left: scene.number("r.border.xmin") ?? 0,
    right: scene.number("r.border.xmax") ?? 1,
    bottom: scene.number("r.border.ymin") ?? 0,
    top: scene.number("r.border.ymax") ?? 1,
    crop: scene.flag("r.mode", MODE.crop),
  };
}

/** Before 2.80 Cycles had its own setting, and the scene's was the old render engine's. */
function isFilmTransparent(scene: Struct, version: number): boolean {
  if (version < FIRST_WITH_FILM_IN_SCENE && scene.text("r.engine") === "CYCLES") {
    return numberProperty(cyclesGroup(scene), "film_transparent") === 1;
  }
  return scene.number("r.alphamode") === ALPHA_TRANSPARENT;
}
