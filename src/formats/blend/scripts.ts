import type { BlockIndex } from "./block-index.ts";
import { localDatablocks } from "./struct.ts";

export type BlendScript = { name: string };

/** "Register" in the text editor (`TXT_ISSCRIPT`, DNA_text_types.h). */
const REGISTER = 1 << 4;

/** The texts that run when Blender opens the file, if it is allowed to; a farm's is not. */
export function scriptsOf(index: BlockIndex): BlendScript[] {
  return localDatablocks(index, "TX")
    .filter((text) => text.flag("flags", REGISTER))
    .map((text) => ({ name: text.idName }));
}
