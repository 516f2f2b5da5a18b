import type { Farm } from "./farm.ts";

export type BlenderVersion = { version: string; runners: number };

/** The Blenders of the runners that are there, the newest first, and how many have each. */
export function blenderVersions(farm: Farm): BlenderVersion[] {
  const counts = new Map<string, number>();
  for (const { status, capabilities } of farm.runners.all()) {
    if (status === "offline" || status === "disabled") continue;
    for (const version of new Set(capabilities.blenders.map((blender) => blender.version)))
      counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return [...counts]
    .map(([version, runners]) => ({ version, runners }))
    .sort((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }));
}
