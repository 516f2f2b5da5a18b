import type { Struct } from "./struct.ts";

/** `eModifierMode_Render` in DNA_modifier_types.h. */
const RENDER = 1 << 1;

/** The modifiers of an object that are switched on for renders; the name of each one's struct says what it is. */
export function* renderedModifiers(object: Struct): Generator<Struct> {
  for (const modifier of object.list("modifiers")) if (modifier.flag("modifier.mode", RENDER)) yield modifier;
}
