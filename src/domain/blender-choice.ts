import { compareVersions, isMeantBy, newestFirst, parseVersion, seriesOf } from "./blender-version.ts";

/** What a file and its user ask of the Blender that opens it. */
export type BlenderWish = {
  /** The Blender that saved the file, as X.Y; null while it is not known. */
  file: string | null;
  /** What the user asked for, as X.Y or X.Y.Z; it is the user's word, also where it is older than the file. */
  asked: string | null;
  /** What the farm's admin wants where the user asked for nothing, as X.Y or X.Y.Z. */
  pinned: string | null;
};

/**
 * Why a version was chosen:
 *
 * - `asked`: the user asked for it
 * - `pinned`: it is the farm's default
 * - `same`: the newest patch of the version that saved the file
 * - `newer`: the nearest newer one of the same major version
 * - `newer_major`: the nearest newer one, of a later major version
 */
export const CHOICE_KINDS = ["asked", "pinned", "same", "newer", "newer_major"] as const;
export type ChoiceKind = (typeof CHOICE_KINDS)[number];

export type BlenderChoice = { version: string; kind: ChoiceKind };

/**
 * Chooses the Blender for a file out of those at hand: what the user asked for; else the farm's default; else the newest patch of the
 * file's own X.Y; else the nearest newer one. Without the user's word never an older one, which refuses the file or loses what it does
 * not know; a default that is older than the file, or not at hand, is passed over. Returns null when none fits.
 */
export function chooseBlender(available: Iterable<string>, wish: BlenderWish): BlenderChoice | null {
  const known = [...new Set(available)].filter((text) => parseVersion(text)).sort(newestFirst);
  const meant = (what: string): string | undefined => known.find((version) => isMeantBy(version, what));
  if (wish.asked !== null) {
    const version = meant(wish.asked);
    return version === undefined ? null : { version, kind: "asked" };
  }
  const { file } = wish;
  if (file === null || !parseVersion(file)) return null;
  const pinned = wish.pinned === null ? undefined : meant(wish.pinned);
  if (pinned !== undefined && !isOlderThan(pinned, file)) return { version: pinned, kind: "pinned" };
  const same = meant(seriesOf(file));
  if (same !== undefined) return { version: same, kind: "same" };
  const nearest = known.findLast((version) => !isOlderThan(version, file));
  if (nearest === undefined) return null;
  const version = meant(seriesOf(nearest)) ?? nearest;
  return { version, kind: parseVersion(version)!.major === parseVersion(file)!.major ? "newer" : "newer_major" };
}

/** Whether a version's series is older than another's: patches of one series read each other's files. */
export function isOlderThan(version: string, other: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(other)];
  return a !== null && b !== null && compareVersions({ ...a, patch: 0 }, { ...b, patch: 0 }) < 0;
}

/** Says in a sentence why this version is taken. */
export function tellChoice({ version, kind }: BlenderChoice, { file }: BlenderWish): string {
  switch (kind) {
    case "asked":
      return `Blender ${version}, as the job asks.`;
    case "pinned":
      return `Blender ${version}, the farm's default.`;
    case "same":
      return `Blender ${version}, the newest ${seriesOf(version)} here; the file was saved by ${file}.`;
    case "newer":
    case "newer_major":
      return `Blender ${version}, the nearest newer one here; the file was saved by ${file}.`;
    default:
      return kind satisfies never;
  }
}

/** What the user must know of a Blender that is not of the file's own series; null where there is nothing to say. */
export function warnOfChoice({ version }: BlenderChoice, { file }: BlenderWish): string | null {
  if (file === null || !parseVersion(file) || seriesOf(version) === seriesOf(file)) return null;
  const opened = `The file was saved by Blender ${file} and is rendered with ${version}`;
  if (isOlderThan(version, file))
    return `${opened}, an older one: it may refuse the file, or lose what it does not know.`;
  const major = parseVersion(version)!.major !== parseVersion(file)!.major;
  return major
    ? `${opened}, of another major version: materials, engines and colours may differ. Look at a frame first.`
    : `${opened}; small differences are possible.`;
}

/** Says in a sentence what is missing where no Blender fits, and what helps. */
export function tellNoChoice(available: Iterable<string>, { asked, file }: BlenderWish): string {
  const known = [...new Set(available)].sort(newestFirst);
  const there = known.length === 0 ? "The farm has none at all now" : `The farm has ${known.join(", ")} now`;
  const starts = "the job starts by itself once one is there";
  if (asked !== null) return `The job asks for Blender ${asked}. ${there}; ${starts}.`;
  return `The file was saved by Blender ${file}, and only that version or a newer one may open it. ${there}; ${starts}.`;
}
