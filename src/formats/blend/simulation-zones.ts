import { nodesIn } from "./node-tree.ts";
import { type Cache, cacheFolder } from "./point-cache.ts";
import type { Struct } from "./struct.ts";

const ZONE_END = "GeometryNodeSimulationOutput";

/** The simulation zones (since 3.6) of geometry nodes. Many objects share a tree, so what was found in one is remembered. */
export class SimulationZones {
  readonly #found = new Map<string, boolean>();

  /**
   * The bake of a modifier's zones; null if it has none. A bake is packed into the file (since 4.3) or lies in a folder, which
   * gets its name when it is baked.
   */
  cacheOf(modifier: Struct): Cache | null {
    const tree = modifier.datablock("node_group");
    if (!tree || !this.#isIn(tree)) return null;
    const bakes = modifier.array("bakes");
    if (bakes.some((bake) => bake.points("packed"))) return { baked: true, files: null };
    const folders = [modifier, ...bakes].map((bake) => bake.text("directory", "simulation_bake_directory"));
    const folder = folders.find((path) => path !== "");
    return folder === undefined ? { baked: false, files: null } : { baked: true, files: cacheFolder(folder) };
  }

  #isIn(tree: Struct): boolean {
    const name = tree.idName;
    let found = this.#found.get(name);
    if (found === undefined) {
      found = hasZone(tree);
      this.#found.set(name, found);
    }
    return found;
  }
}

function hasZone(tree: Struct): boolean {
  for (const node of nodesIn(tree)) if (node.text("idname") === ZONE_END) return true;
  return false;
}
