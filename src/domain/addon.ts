/** The module of an add-on, as Python and Blender name it: `cycles`, `io_scene_fbx`. A pattern for schemas too. */
export const ADDON_NAME = "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$";
