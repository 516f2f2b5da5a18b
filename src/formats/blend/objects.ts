import type { Struct } from "./struct.ts";

/** The objects of a scene. Of what is linked only the names are known. */
export function* objectsOf(scene: Struct): Generator<Struct> {
  const master = scene.follow("master_collection");
  if (master) {
    yield* objectsIn(master);
    return;
  }
  for (const base of scene.list("base")) {
    const object = base.datablock("object");
    if (object) yield object;
  }
}

/** All objects in a collection and the collections in it; one that is in several comes once. */
function* objectsIn(master: Struct): Generator<Struct> {
  const seen = new Set<string>();
  const open = [master];
  for (let collection = open.pop(); collection; collection = open.pop()) {
    for (const member of collection.list("gobject")) {
      const object = member.datablock("ob");
      if (object) yield object;
    }
    for (const link of collection.list("children")) {
      const child = link.datablock("collection");
      if (!child || seen.has(child.idName)) continue;
      seen.add(child.idName);
      open.push(child);
    }
  }
}
