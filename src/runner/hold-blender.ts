import type { FoundBlender } from "#programs/blender/find.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import { BrokenBlender, type BlenderCache, type HeldBlender } from "./blender-cache.ts";
import { ManagerRefusal } from "./manager-errors.ts";
import type { GivenBack } from "./task-end.ts";

/** Where this machine has its Blenders: those installed on it, and those that it has fetched. */
export type BlenderPlaces = { blenders: readonly FoundBlender[]; blenderCache?: BlenderCache | undefined };

/** The version that a lease names, and the packed one of the manager's. */
type Wanted = Pick<LeasedRender, "blenderVersion" | "blender">;

/** A Blender for a task, or how the task ends without one. */
type Holding =
  | { kind: "held"; blender: HeldBlender }
  | Required<GivenBack>
  | { kind: "failed"; reason: "blender_unavailable"; message: string };

/**
 * Has the Blender of a lease at hand: one that is installed, else one of the manager's, fetched if need be. When the manager has taken it
 * away meanwhile, the task is to be given back. Throws what goes wrong with the download or the disk.
 */
export async function holdBlender(places: BlenderPlaces, wanted: Wanted, signal: AbortSignal): Promise<Holding> {
  const { blenderVersion: version, blender: packed } = wanted;
  const installed = places.blenders.find((blender) => blender.version === version);
  if (installed) return { kind: "held", blender: { path: installed.path, release: () => {} } };
  const { blenderCache } = places;
  const kept = packed === null ? await blenderCache?.useWhatIsThere(version) : null;
  if (kept) return { kind: "held", blender: kept };
  if (!packed || !blenderCache) {
    const message = `This runner has no Blender ${version} any more.`;
    return { kind: "failed", reason: "blender_unavailable", message };
  }
  try {
    return { kind: "held", blender: await blenderCache.acquire({ version, ...packed }, signal) };
  } catch (error) {
    if (error instanceof ManagerRefusal && error.status === 404)
      return { kind: "givenBack", why: `the manager has no Blender ${version} any more` };
    if (!(error instanceof BrokenBlender)) throw error;
    return { kind: "failed", reason: "blender_unavailable", message: error.message };
  }
}
