import { numberProperty, propertyGroup } from "./id-properties.ts";
import type { Struct } from "./struct.ts";

export type CyclesSettings = { samples: number; denoising: boolean };

/**
 * What Cycles would render with, whichever engine is set. A setting that nobody touched is not in the file: then it has the
 * default of the Blender that saved it, which later ones keep for such a file (Cycles' `properties.py`, `version_update.py`).
 */
export function cyclesOf(scene: Struct, version: number): CyclesSettings {
  const settings = cyclesGroup(scene);
  return {
    samples: numberProperty(settings, "samples") ?? defaultSamples(version),
    denoising:
      version < FIRST_WITH_SCENE_DENOISING
        ? layerDenoising(scene)
        : (numberProperty(settings, "use_denoising") ?? Number(version >= FIRST_WITH_DENOISING_ON)) === 1,
  };
}

/** The scene's properties that belong to Cycles: apart from the user's own since 5.0. */
export function cyclesGroup(scene: Struct): Struct | null {
  return (
    propertyGroup(scene.follow("id.system_properties"), "cycles") ??
    propertyGroup(scene.follow("id.properties"), "cycles")
  );
}

const FIRST_WITH_SCENE_DENOISING = 290;
const FIRST_WITH_DENOISING_ON = 300;

function defaultSamples(version: number): number {
  if (version >= 300) return 4096;
  return version >= 280 ? 128 : 10;
}

/** To 2.83 each layer was denoised or not. */
function layerDenoising(scene: Struct): boolean {
  for (const path of ["view_layers", "r.layers"]) {
    for (const layer of scene.list(path)) {
      const settings = propertyGroup(layer.follow("id_properties", "prop"), "cycles");
      if (numberProperty(settings, "use_denoising") === 1) return true;
    }
  }
  return false;
}
