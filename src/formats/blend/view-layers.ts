import type { Struct } from "./struct.ts";

export type ViewLayer = { name: string; use: boolean };

/** `VIEW_LAYER_RENDER` in DNA_layer_types.h. */
const RENDER = 1 << 0;
/** `SCE_LAY_DISABLE` in DNA_scene_types.h. */
const DISABLED = 1 << 17;

/** View layers, which to 2.79 were called render layers. `use` is "Use for Rendering". */
export function viewLayersOf(scene: Struct): ViewLayer[] {
  const layers: ViewLayer[] = [];
  if (scene.has("view_layers")) {
    for (const layer of scene.list("view_layers"))
      layers.push({ name: layer.text("name"), use: layer.flag("flag", RENDER) });
  } else {
    for (const layer of scene.list("r.layers")) {
      layers.push({ name: layer.text("name"), use: !layer.flag("layflag", DISABLED) });
    }
  }
  return layers;
}
