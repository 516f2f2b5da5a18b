import type { Struct } from "./struct.ts";

/** What the artist's own Blender would save, and where. */
export type RenderOutput = {
  path: string;
  /** As Blender's Python names it: `OPEN_EXR`, `PNG`, `FFMPEG` …; null for a number that is none. */
  format: string | null;
  colorMode: "BW" | "RGB" | "RGBA" | null;
  /** Bits per channel; null before 2.63, when the format alone said it. */
  colorDepth: number | null;
};

/** Several views in one render: one picture of two eyes, or one picture for each view. */
export type Stereo = {
  views: { name: string; suffix: string; use: boolean }[];
  /** Stereo 3D knows only left and right; multi-view has a camera for each of any views. */
  kind: "stereo_3d" | "multiview";
};

/** `R_IMF_IMTYPE_…` in DNA_scene_types.h, with the names of Python's `file_format`. */
const FORMATS: ReadonlyMap<number, string> = new Map([
  [0, "TARGA"],
  [1, "IRIS"],
  [4, "JPEG"],
  [7, "IRIZ"],
  [14, "TARGA_RAW"],
  [15, "AVI_RAW"],
  [16, "AVI_JPEG"],
  [17, "PNG"],
  [18, "AVI_CODEC"],
  [19, "QUICKTIME"],
  [20, "BMP"],
  [21, "HDR"],
  [22, "TIFF"],
  [23, "OPEN_EXR"],
  [24, "FFMPEG"],
  [25, "FRAMESERVER"],
  [26, "CINEON"],
  [27, "DPX"],
  [28, "OPEN_EXR_MULTILAYER"],
  [29, "DDS"],
  [30, "JPEG2000"],
  [31, "H264"],
  [32, "XVID"],
  [33, "THEORA"],
  [34, "PSD"],
  [35, "WEBP"],
  [36, "AV1"],
  [37, "AVIF"],
]);

/** Bits of a pixel in all channels. */
const COLOR_MODES: ReadonlyMap<number, "BW" | "RGB" | "RGBA"> = new Map([
  [8, "BW"],
  [24, "RGB"],
  [32, "RGBA"],
]);

/** `R_IMF_CHAN_DEPTH_…`. */
const COLOR_DEPTHS: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 8],
  [4, 10],
  [8, 12],
  [16, 16],
  [32, 24],
  [64, 32],
]);

/** `R_MULTIVIEW`, in `r.scemode`. */
const MULTIVIEW = 1 << 21;
const FORMAT_MULTIVIEW = 1;
/** `SCE_VIEW_DISABLE`. */
const VIEW_DISABLED = 1 << 0;

export function outputOf(scene: Struct): RenderOutput {
  return {
    path: scene.text("r.pic"),
    format: FORMATS.get(scene.number("r.im_format.imtype", "r.imtype") ?? -1) ?? null,
    colorMode: COLOR_MODES.get(scene.number("r.im_format.planes", "r.planes") ?? -1) ?? null,
    colorDepth: COLOR_DEPTHS.get(scene.number("r.im_format.depth") ?? -1) ?? null,
  };
}

/** Null where the scene renders a single view. */
export function stereoOf(scene: Struct): Stereo | null {
  if (!scene.flag("r.scemode", MULTIVIEW)) return null;
  const views = Array.from(scene.list("r.views"), (view) => ({
    name: view.text("name"),
    suffix: view.text("suffix"),
    use: !view.flag("viewflag", VIEW_DISABLED),
  }));
  return { views, kind: scene.number("r.views_format") === FORMAT_MULTIVIEW ? "multiview" : "stereo_3d" };
}
