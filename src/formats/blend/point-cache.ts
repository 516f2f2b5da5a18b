import type { FileReference } from "./needed-file.ts";
import type { Struct } from "./struct.ts";

/** Whether a simulation was baked, and where the result is if it is not in the .blend. */
export type Cache = { baked: boolean; files: FileReference | null };

/** DNA_pointcache_types.h: `PTCACHE_BAKED`, `PTCACHE_DISK_CACHE`, `PTCACHE_EXTERNAL`. */
const BAKED = 1 << 0;
const ON_DISK = 1 << 6;
const EXTERNAL = 1 << 9;

/** The state of a `PointCache`, which most of Blender's simulations have; null where there is none. */
export function pointCache(cache: Struct | null): Cache | null {
  if (!cache) return null;
  if (cache.flag("flag", EXTERNAL)) return { baked: true, files: cacheFolder(cache.text("path")) };
  const baked = cache.flag("flag", BAKED);
  return { baked, files: baked && cache.flag("flag", ON_DISK) ? DISK_CACHE : null };
}

/** A folder that holds a cache. */
export function cacheFolder(path: string): FileReference {
  return { kind: "cache", shape: "folder", path };
}

/** Blender appends the .blend's name, which is not known here: a file does not say what it is called. */
const DISK_CACHE: FileReference = { kind: "cache", shape: "disk_cache", path: "//blendcache_" };
