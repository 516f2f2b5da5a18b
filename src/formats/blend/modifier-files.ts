import { renderedModifiers } from "./modifiers.ts";
import type { FileReference } from "./needed-file.ts";
import type { Struct } from "./struct.ts";

/** What an object's modifiers read at render time, but for simulations. Alembic and USD are IDs of their own (`CF`). */
export function modifierFiles(object: Struct): FileReference[] {
  return Array.from(renderedModifiers(object)).flatMap((modifier): FileReference[] => {
    switch (modifier.type.name) {
      case "MeshCacheModifierData":
        return [{ kind: "cache", shape: "file", path: modifier.text("filepath") }];
      case "OceanModifierData":
        return modifier.number("cached") === 1
          ? [{ kind: "cache", shape: "folder", path: modifier.text("cachepath") }]
          : [];
      default:
        return [];
    }
  });
}
