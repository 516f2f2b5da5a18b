import type { Struct } from "./struct.ts";

/** `NODE_MUTED` in DNA_node_types.h. */
const MUTED = 1 << 9;

/** All nodes of a tree and of the groups in it that are not muted; the nodes of a group used twice come once. */
export function* nodesIn(root: Struct): Generator<Struct> {
  const seen = new Set<string>();
  const open = [root];
  for (let tree = open.pop(); tree; tree = open.pop()) {
    for (const node of tree.list("nodes")) {
      if (node.flag("flag", MUTED)) continue;
      yield node;
      const group = node.datablock("id");
      if (!group?.has("nodes") || seen.has(group.idName)) continue;
      seen.add(group.idName);
      open.push(group);
    }
  }
}
