import type { ExrCompression } from "./compression.ts";

/** A rectangle of pixels; both corners belong to it. */
export type ExrBox = { xMin: number; yMin: number; xMax: number; yMax: number };

export type ExrPixelType = "uint" | "half" | "float";

/** A channel, and on which columns and lines it has values (1: on all). */
export type ExrChannel = { name: string; type: ExrPixelType; xSampling: number; ySampling: number };

/** How the pixels of a part are stored (the `type` attribute of OpenEXR 2). */
export type ExrStorage = "scanlineimage" | "tiledimage" | "deepscanline" | "deeptile";

/** The size of tiles, and the smaller copies of the picture that are there too. */
export type ExrTiles = {
  width: number;
  height: number;
  levels: "one" | "mipmap" | "ripmap";
  rounding: "down" | "up";
};

/** One picture of a file; files before OpenEXR 2, and nearly all since, have only one. */
export type ExrPart = {
  name: string | null;
  view: string | null;
  storage: ExrStorage;
  compression: ExrCompression;
  channels: ExrChannel[];
  dataWindow: ExrBox;
  displayWindow: ExrBox;
  lineOrder: "increasing" | "decreasing" | "random";
  /** Of tiled storage only. */
  tiles: ExrTiles | null;
  /** Views of a part that holds several (the attribute `multiView`). */
  views: string[];
  /** Attributes that are texts, such as Blender's `Scene`, `Camera`, `Frame`. */
  texts: ReadonlyMap<string, string>;
};

/** Width and height of a box in pixels. */
export function sizeOf(box: ExrBox): { width: number; height: number } {
  return { width: box.xMax - box.xMin + 1, height: box.yMax - box.yMin + 1 };
}
