import type { Struct } from "./struct.ts";

/** `eIDPropertyType` in Blender's DNA_ID.h; only what is a number. An enum is stored as an int. */
const NUMBER_FIELDS: ReadonlyMap<number, { path: string; type: "int" | "float" | "double" | "char" }> = new Map([
  [1, { path: "data.val", type: "int" }],
  [2, { path: "data.val", type: "float" }],
  [8, { path: "data.val", type: "double" }],
  [10, { path: "data.val", type: "char" }],
]);
const GROUP = 6;

/**
 * A group of the custom properties that hang on a struct, such as `cycles` on a scene: add-ons and Cycles keep their settings
 * there. Since 5.0 those are apart from the user's own, in `system_properties`. Null if there is no such group.
 */
export function propertyGroup(root: Struct | null, name: string): Struct | null {
  const group = root ? property(root, name) : null;
  return group?.number("type") === GROUP ? group : null;
}

/** A number or (0 or 1) truth value of a group; null if it was never set, which means the default of the version that saved it. */
export function numberProperty(group: Struct | null, name: string): number | null {
  const found = group ? property(group, name) : null;
  const field = found ? NUMBER_FIELDS.get(found.number("type") ?? -1) : undefined;
  return found && field ? found.numberAs(field.path, field.type) : null;
}

function property(group: Struct, name: string): Struct | null {
  for (const member of group.list("data.group")) if (member.text("name") === name) return member;
  return null;
}
