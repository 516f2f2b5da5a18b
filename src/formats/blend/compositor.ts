import { nodesIn } from "./node-tree.ts";
import type { Struct } from "./struct.ts";

export type Compositor = {
  /** The scene has compositor nodes, and its render goes through them. */
  use: boolean;
  /** Some node shows a render. Without any, and with `use`, a scene needs no camera. */
  renderLayers: boolean;
  /** File Output nodes, which save pictures to paths of their own; also those in node groups, but none that is muted. */
  fileOutputs: { node: string; path: string }[];
};

/** `R_DOCOMP`, in `r.scemode`. */
const USE_COMPOSITING = 1 << 6;

/** `CMP_NODE_R_LAYERS` and `CMP_NODE_OUTPUT_FILE` in BKE_node.h; the names came with 2.66. */
const RENDER_LAYERS = { type: 221, idname: "CompositorNodeRLayers" };
const FILE_OUTPUT = { type: 223, idname: "CompositorNodeOutputFile" };

export function compositorOf(scene: Struct): Compositor {
  const tree = treeOf(scene);
  const nodes = tree ? [...nodesIn(tree)] : [];
  return {
    use: tree !== null && scene.flag("r.scemode", USE_COMPOSITING),
    renderLayers: nodes.some((node) => isNode(node, RENDER_LAYERS)),
    fileOutputs: nodes
      .filter((node) => isNode(node, FILE_OUTPUT))
      .map((node) => ({ node: node.text("name"), path: node.follow("storage")?.text("base_path", "name") ?? "" })),
  };
}

/** Since 5.0 a node group like any other; before, a tree inside the scene, with a switch of its own. */
function treeOf(scene: Struct): Struct | null {
  if (scene.has("compositing_node_group")) return scene.datablock("compositing_node_group");
  return scene.number("use_nodes") === 0 ? null : scene.follow("nodetree");
}

function isNode(node: Struct, kind: { type: number; idname: string }): boolean {
  return node.has("idname") ? node.text("idname") === kind.idname : node.number("type") === kind.type;
}
