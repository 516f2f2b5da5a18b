import { mayDownload } from "#domain/blender-download.ts";
import { parseVersion } from "#domain/blender-version.ts";
import type { Farm } from "./farm.ts";
import { listReleases } from "./release-site.ts";
import { readSetting } from "./settings.ts";

/** How long what the site has said is believed. */
const FRESH_MS = 6 * 3600 * 1000;
/** How soon a site that did not answer is asked again. */
const AGAIN_MS = 10 * 60 * 1000;

type Known = { site: string; versions: string[]; nextMs: number };

const lists = new WeakMap<Farm, Known>();

/**
 * The versions that the release site offers and that the farm may fetch, as far as is known: asking for them has the site looked at in the
 * background, a few times a day at the most. A site that does not answer has none.
 */
export function downloadableVersions(farm: Farm): string[] {
  const rule = readSetting(farm, "blender-download");
  if (rule === "off") return [];
  const site = readSetting(farm, "blender-mirror");
  const known = lists.get(farm);
  const nowMs = farm.clock.nowMs();
  if (!known || known.site !== site || nowMs >= known.nextMs) {
    const before = known?.site === site ? known.versions : [];
    lists.set(farm, { site, versions: before, nextMs: nowMs + AGAIN_MS });
    farm.background.add(look(farm, site));
  }
  return (lists.get(farm)?.versions ?? []).filter((version) => parseVersion(version) && mayDownload(rule, version));
}

async function look(farm: Farm, site: string): Promise<void> {
  try {
    const versions = await listReleases({ site, signal: farm.stopping });
    lists.set(farm, { site, versions, nextMs: farm.clock.nowMs() + FRESH_MS });
  } catch (error) {
    farm.log.debug("the release site was not read", { site, error: String(error) });
  }
}
