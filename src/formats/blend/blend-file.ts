import type { Compression } from "./inflate.ts";
import type { NeededFile } from "./needed-file.ts";
import type { UnbakedPhysics } from "./physics.ts";
import type { BlendScene } from "./scene.ts";
import type { BlendScript } from "./scripts.ts";

/** What a .blend says about itself, as it was saved: no Blender has converted it. All of it can be written as JSON. */
export type BlendFile = {
  /** The Blender that saved it, as "2.79" or "5.2". */
  version: string;
  /** The same as Blender counts: 279, 502. */
  versionNumber: number;
  subversion: number | null;
  compression: Compression;
  pointerBytes: 4 | 8;
  endianness: "little" | "big";
  /** Name of the scene that was open when it was saved, which is the one that renders unless another is named. */
  activeScene: string | null;
  scenes: BlendScene[];
  /** Files outside this one, packed ones included. */
  files: NeededFile[];
  /** Texts that ask to be run as scripts when the file is opened. */
  scripts: BlendScript[];
  physics: UnbakedPhysics[];
  /** The file had more objects than memory was allowed for: cameras, physics and caches may be missing here. */
  partial: boolean;
};
