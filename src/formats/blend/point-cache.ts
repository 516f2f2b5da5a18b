import type { BlockIndex } from "./block-index.ts";
import { localDatablocks, type Struct } from "./struct.ts";

/** Whether a simulation was baked, and the folder of the result (as stored) where it is not in the .blend. */
export type Cache = { baked: boolean; folder: string | null };

/** DNA_pointcache_types.h: `PTCACHE_BAKED`, `PTCACHE_DISK_CACHE`, `PTCACHE_EXTERNAL`. */
const BAKED = 1 << 0;
const ON_DISK = 1 << 6;
const EXTERNAL = 1 << 9;

/** The state of a `PointCache`, which most of Blender's simulations have. */
export function pointCache(index: BlockIndex, cache: Struct | null): Cache | null {
  if (!cache) return null;
  if (cache.flag("flag", EXTERNAL)) return { baked: true, folder: cache.text("path") };
  const baked = cache.flag("flag", BAKED);
  return { baked, folder: baked && cache.flag("flag", ON_DISK) ? diskCacheFolder(index) : null };
}

/** A "disk cache" lies beside the .blend, in a folder that has its name; the one it was saved under, as far as the file knows. */
function diskCacheFolder(index: BlockIndex): string {
  const savedAs = localDatablocks(index, "GLOB")[0]?.text("filename") ?? "";
  const name = savedAs.split(/[/\\]/).at(-1) ?? "";
  return `//blendcache_${name.replace(/\.blend$/, "")}`;
}
