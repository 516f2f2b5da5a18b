import { type CameraMarker, cameraMarkersOf, camerasOf } from "./cameras.ts";
import { type ColorManagement, colorManagementOf } from "./color-management.ts";
import { type Compositor, compositorOf } from "./compositor.ts";
import { type CyclesSettings, cyclesOf } from "./cycles.ts";
import { type RenderOutput, type Stereo, outputOf, stereoOf } from "./output.ts";
import { type RenderSettings, renderSettingsOf } from "./render-settings.ts";
import { type Sequencer, sequencerOf } from "./sequencer.ts";
import { hasSound } from "./sound.ts";
import type { Struct } from "./struct.ts";
import { type ViewLayer, viewLayersOf } from "./view-layers.ts";

/** A scene as it was saved. Numbers that its Blender did not know yet have the value that Blender gives them today. */
export type BlendScene = RenderSettings & {
  name: string;
  cycles: CyclesSettings;
  /** Samples of EEVEE, whichever engine is set; null before 2.80. */
  eeveeSamples: number | null;
  /** Name of the camera that renders, which may be a linked one; null if there is none. */
  camera: string | null;
  /** All cameras that this file holds in the scene. */
  cameras: string[];
  /** Markers that change the camera at a frame, in the order of frames. */
  cameraMarkers: CameraMarker[];
  viewLayers: ViewLayer[];
  /** Only the view layer that was open renders ("Render Single Layer"). */
  activeViewLayerOnly: boolean;
  stereo: Stereo | null;
  output: RenderOutput;
  compositor: Compositor;
  sequencer: Sequencer;
  /** Whether strips or speakers may be heard. */
  hasSound: boolean;
  /** Null before 2.64, when there was none. */
  colorManagement: ColorManagement | null;
  /** Name of the scene whose objects render behind this one's. */
  backgroundSet: string | null;
};

/** `R_SINGLE_LAYER` in DNA_scene_types.h. */
const SINGLE_LAYER = 1 << 9;

/** Reads a scene (`SC`) of a file saved by `version`. */
export function sceneOf(scene: Struct, version: number): BlendScene {
  return {
    name: scene.idName,
    ...renderSettingsOf(scene, version),
    cycles: cyclesOf(scene, version),
    eeveeSamples: scene.number("eevee.taa_render_samples"),
    camera: scene.datablockName("camera"),
    cameras: camerasOf(scene),
    cameraMarkers: cameraMarkersOf(scene),
    viewLayers: viewLayersOf(scene),
    activeViewLayerOnly: scene.flag("r.scemode", SINGLE_LAYER),
    stereo: stereoOf(scene),
    output: outputOf(scene),
    compositor: compositorOf(scene),
    sequencer: sequencerOf(scene),
    hasSound: hasSound(scene),
    colorManagement: colorManagementOf(scene),
    backgroundSet: scene.datablockName("set"),
  };
}
