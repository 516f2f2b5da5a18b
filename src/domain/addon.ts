/** The module of an add-on, as Python and Blender name it: `cycles`, `io_scene_fbx`. A pattern for schemas too. */
export const ADDON_NAME = "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$";

/** What to know of add-ons that a job names and a Blender does not come with; null where it has them all. */
export function warnOfAddons(
  wanted: readonly string[],
  { version, addons }: { version: string; addons: readonly string[] },
): string | null {
  const missing = wanted.filter((name) => !addons.includes(name));
  if (missing.length === 0) return null;
  const named = `${missing.length === 1 ? "add-on" : "add-ons"} ${missing.join(", ")}`;
  return `Blender ${version} does not come with the ${named}; a runner that renders with it will fail.`;
}
