export type BlenderVersion = { major: number; minor: number; patch: number };

const VERSION = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{1,3}))?$/;

/** Reads `4.3.2` or `4.3`; null for anything else. */
export function parseVersion(text: string): BlenderVersion | null {
  const match = VERSION.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) } : null;
}

/** Whether a text names one exact version, as `4.3.2`. */
export function isExactVersion(text: string): boolean {
  return VERSION.exec(text)?.[3] !== undefined;
}

/** Orders versions, oldest first. */
export function compareVersions(a: BlenderVersion, b: BlenderVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** Orders versions written as text, the newest first; what is no version comes last. */
export function newestFirst(a: string, b: string): number {
  const [one, other] = [parseVersion(a), parseVersion(b)];
  if (!one || !other) return Number(!one) - Number(!other);
  return compareVersions(other, one);
}

/** The series of a version, as `4.3`, which is what a .blend says of its Blender. */
export function seriesOf(version: string): string {
  const parsed = parseVersion(version);
  return parsed ? `${parsed.major}.${parsed.minor}` : version;
}

/** Whether a version is what a wish means: `4.3` means all of that series, `4.3.2` the one. */
export function isMeantBy(version: string, wish: string): boolean {
  return version === wish || (!isExactVersion(wish) && seriesOf(version) === seriesOf(wish));
}
