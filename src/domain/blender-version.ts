export type BlenderVersion = { major: number; minor: number; patch: number };

const VERSION = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{1,3}))?$/;

/** Reads `4.3.2` or `4.3`; null for anything else. */
export function parseVersion(text: string): BlenderVersion | null {
  const match = VERSION.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) } : null;
}

/** Orders versions, oldest first. */
export function compareVersions(a: BlenderVersion, b: BlenderVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

export type VersionChoice = { version: string; kind: "asked" | "same" | "newer" };

/**
 * Chooses the Blender for a file out of those at hand: what was asked for (`4.3` takes its newest patch); else the newest patch
 * of the file's own X.Y; else the nearest newer one. Never an older one, which refuses the file or loses what it does not know.
 * Returns null when none fits.
 */
export function chooseBlender(available: readonly string[], file: string, asked: string | null): VersionChoice | null {
  const known = available.flatMap((text) => {
    const version = parseVersion(text);
    return version ? [{ text, version }] : [];
  });
  known.sort((a, b) => compareVersions(a.version, b.version));
  if (asked !== null) {
    const match = known.filter((one) => one.text === asked || one.text.startsWith(`${asked}.`)).at(-1);
    return match ? { version: match.text, kind: "asked" } : null;
  }
  const wanted = parseVersion(file);
  if (!wanted) return null;
  const same = known.filter(({ version }) => version.major === wanted.major && version.minor === wanted.minor).at(-1);
  if (same) return { version: same.text, kind: "same" };
  const newer = known.filter(({ version }) => compareVersions({ ...version, patch: 0 }, { ...wanted, patch: 0 }) > 0);
  const nearest = newer[0]?.version;
  if (!nearest) return null;
  const best = newer.filter(({ version }) => version.major === nearest.major && version.minor === nearest.minor).at(-1);
  return best ? { version: best.text, kind: "newer" } : null;
}
