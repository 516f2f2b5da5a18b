/** Hidden commands by which the program starts itself again, for work that must not be able to harm or hold up the process that wants it. */
export const OWN_COMMANDS = {
  readBlend: "_read-blend",
  hash: "_hash",
  unpackBlender: "_unpack-blender",
  sync: "_sync",
} as const;
