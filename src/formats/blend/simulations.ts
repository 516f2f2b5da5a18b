import type { BlockIndex } from "./block-index.ts";
import { renderedModifiers } from "./modifiers.ts";
import { type Cache, cacheFolder, pointCache } from "./point-cache.ts";
import { SimulationZones } from "./simulation-zones.ts";
import { localDatablocks, type Struct } from "./struct.ts";

export type SimulationKind =
  "rigid_body" | "cloth" | "soft_body" | "particles" | "hair" | "dynamic_paint" | "fluid" | "geometry_nodes";

/** Something whose state at a frame follows from the frames before it, unless it was baked. */
export type Simulation = {
  kind: SimulationKind;
  /** Name of the object; of the scene, for rigid bodies. */
  object: string;
} & Cache;

/** All simulations in the file's own scenes and objects, but for those that are switched off for renders. */
export function simulationsOf(index: BlockIndex): Simulation[] {
  const found: Simulation[] = [];
  const zones = new SimulationZones();
  for (const scene of localDatablocks(index, "SC")) {
    const cache = pointCache(rigidBodyCache(scene));
    if (cache) found.push({ kind: "rigid_body", object: scene.idName, ...cache });
  }
  for (const object of localDatablocks(index, "OB")) {
    for (const modifier of renderedModifiers(object)) {
      for (const { kind, cache } of modifierSimulations(modifier, object, zones)) {
        if (cache) found.push({ kind, object: object.idName, ...cache });
      }
    }
  }
  return found;
}

type Found = { kind: SimulationKind; cache: Cache | null };

function modifierSimulations(modifier: Struct, object: Struct, zones: SimulationZones): Found[] {
  switch (modifier.type.name) {
    case "ClothModifierData":
      return [{ kind: "cloth", cache: pointCache(modifier.follow("point_cache")) }];
    case "SoftbodyModifierData":
      return [{ kind: "soft_body", cache: pointCache(sharedCache(object.follow("soft"))) }];
    case "ParticleSystemModifierData":
      return particleSimulations(modifier.follow("psys"));
    case "DynamicPaintModifierData":
      return dynamicPaintSimulations(modifier.follow("canvas"));
    case "FluidModifierData":
      return [{ kind: "fluid", cache: fluidCache(modifier) }];
    case "SmokeModifierData":
      return [{ kind: "fluid", cache: pointCache(modifier.follow("domain")?.follow("point_cache") ?? null) }];
    case "NodesModifierData":
      return [{ kind: "geometry_nodes", cache: zones.cacheOf(modifier) }];
    default:
      return [];
  }
}

/** `RBW_FLAG_MUTED` in DNA_rigidbody_types.h. */
const RIGID_BODY_MUTED = 1 << 0;

/** A world without a collection moves nothing. */
function rigidBodyCache(scene: Struct): Struct | null {
  const world = scene.follow("rigidbody_world");
  if (!world?.points("group") || world.flag("flag", RIGID_BODY_MUTED)) return null;
  return sharedCache(world);
}

/** Since 2.80 the cache is in a struct that the evaluated copies share. */
function sharedCache(owner: Struct | null): Struct | null {
  return owner?.follow("shared")?.follow("pointcache") ?? owner?.follow("pointcache") ?? null;
}

/** DNA_particle_types.h: `PART_EMITTER`, `PART_HAIR`, `PSYS_HAIR_DYNAMICS`, and the `PART_PHYS_…` that step from frame to frame. */
const PARTICLE = { emitter: 0, hair: 2, hairDynamics: 1 << 2, newton: 1, boids: 3, fluid: 4 };
const STEPPING_PHYSICS: readonly (number | null)[] = [PARTICLE.newton, PARTICLE.boids, PARTICLE.fluid];

function particleSimulations(system: Struct | null): Found[] {
  const settings = system?.datablock("part");
  if (!system || !settings) return [];
  const type = settings.number("type");
  const cache = pointCache(system.follow("pointcache"));
  if (type === PARTICLE.hair && system.flag("flag", PARTICLE.hairDynamics)) return [{ kind: "hair", cache }];
  if (type === PARTICLE.emitter && STEPPING_PHYSICS.includes(settings.number("phystype")))
    return [{ kind: "particles", cache }];
  return [];
}

/** `MOD_DPAINT_ACTIVE` and `MOD_DPAINT_SURFACE_F_IMAGESEQ` in DNA_dynamicpaint_types.h. */
const PAINT = { active: 1 << 0, imageSequence: 2 };

/** A surface that paints an image sequence is baked by hand to images, which other parts of the file then use. */
function dynamicPaintSimulations(canvas: Struct | null): Found[] {
  if (!canvas) return [];
  return [...canvas.list("surfaces")]
    .filter((surface) => surface.flag("flags", PAINT.active) && surface.number("format") !== PAINT.imageSequence)
    .map((surface) => ({ kind: "dynamic_paint", cache: pointCache(surface.follow("pointcache")) }));
}

/** `MOD_FLUID_TYPE_DOMAIN` in DNA_modifier_types.h, `FLUID_DOMAIN_BAKED_DATA` in DNA_fluid_types.h. */
const FLUID = { domain: 1 << 0, bakedData: 1 << 1 };

/** Fluids are always cached in a folder. The modifiers for flows and effectors have none. */
function fluidCache(modifier: Struct): Cache | null {
  const domain = modifier.flag("type", FLUID.domain) ? modifier.follow("domain") : null;
  if (!domain) return null;
  const baked = domain.flag("cache_flag", FLUID.bakedData);
  return { baked, files: baked ? cacheFolder(domain.text("cache_directory")) : null };
}
