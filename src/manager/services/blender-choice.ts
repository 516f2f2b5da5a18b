import { chooseBlender, tellChoice, tellNoChoice, warnOfChoice, type BlenderChoice } from "#domain/blender-choice.ts";
import type { BlenderWish, ChoiceKind } from "#domain/blender-choice.ts";
import type { Job } from "#domain/job.ts";
import { getStoredBlender, listStoredBlenders } from "#manager/db/blender-versions.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";
import { readSetting } from "./settings.ts";

/** What of a job decides which Blender renders it. */
export type BlenderNeed = Pick<Job, "userId" | "fileVersion" | "blenderVersion" | "blenderUsed">;

/** The Blender that a job is rendered with, or would be, and why; `version` and `kind` are null where none fits. */
export type JobBlender = {
  version: string | null;
  kind: ChoiceKind | null;
  /** A sentence for people. */
  reason: string;
  /** What the user must know where it is not of the file's own series. */
  warning: string | null;
};

/** Which Blenders there are for whom, as it is at this moment; made anew for each question. */
export type BlenderMatch = {
  /** The one Blender for all frames of a job; null where none fits. */
  choose: (job: BlenderNeed) => BlenderChoice | null;
  /** Every version that a job could be rendered with. */
  available: (job: Pick<BlenderNeed, "userId">) => ReadonlySet<string>;
  wishOf: (job: BlenderNeed) => BlenderWish;
  /** Whether a runner has a version, or can fetch it. */
  canUse: (runner: LiveRunner, version: string) => boolean;
};

/** Looks at what storage and runners have now. */
export function matchBlenders(farm: Farm): BlenderMatch {
  const stored = new Set(listStoredBlenders(farm.db).map(({ version }) => version));
  const setting = readSetting(farm, "blender-default");
  const pinned = setting === "none" ? null : setting;
  const byUser = new Map<number | null, ReadonlySet<string>>();
  const choices = new Map<string, BlenderChoice | null>();

  const available: BlenderMatch["available"] = ({ userId }) => {
    const known = byUser.get(userId);
    if (known) return known;
    const versions = versionsFor(farm, userId, stored);
    byUser.set(userId, versions);
    return versions;
  };
  const wishOf: BlenderMatch["wishOf"] = ({ fileVersion, blenderVersion }) => {
    return { file: fileVersion, asked: blenderVersion, pinned };
  };
  const choose: BlenderMatch["choose"] = (job) => {
    const { userId, fileVersion, blenderVersion, blenderUsed } = job;
    const key = [userId, fileVersion, blenderVersion, blenderUsed].join("|");
    const known = choices.get(key);
    if (known !== undefined) return known;
    const all = available(job);
    // What the first frames were rendered with goes for the rest, as long as it is there.
    const same = blenderUsed !== null && all.has(blenderUsed) ? chooseBlender([blenderUsed], wishOf(job)) : null;
    const choice = same ?? chooseBlender(all, wishOf(job));
    choices.set(key, choice);
    return choice;
  };
  return { choose, available, wishOf, canUse: (runner, version) => canUse(runner, version, stored) };
}

/** The Blender that a job is rendered with, or would be, and why; null while its file is not read. */
export function blenderOfJob(farm: Farm, job: BlenderNeed, match = matchBlenders(farm)): JobBlender | null {
  if (job.fileVersion === null) return null;
  const wish = match.wishOf(job);
  const choice = match.choose(job);
  if (!choice) return { version: null, kind: null, reason: tellNoChoice(match.available(job), wish), warning: null };
  return { ...choice, reason: tellChoice(choice, wish), warning: warnOfChoice(choice, wish) };
}

/** A chosen Blender with the add-ons that come with it; null where none is chosen, or the farm does not keep that one and so cannot know. */
export function blenderWithAddons(
  farm: Farm,
  { version }: Pick<JobBlender, "version">,
): { version: string; addons: readonly string[] } | null {
  const abilities = version === null ? null : getStoredBlender(farm.db, version)?.abilities;
  return version !== null && abilities ? { version, addons: abilities.addons } : null;
}

/** Whether a runner has a version on its disk. */
export function hasBlender(runner: LiveRunner, version: string): boolean {
  return runner.capabilities.blenders.some((blender) => blender.version === version);
}

function canUse(runner: LiveRunner, version: string, stored: ReadonlySet<string>): boolean {
  return hasBlender(runner, version) || (canFetch(runner, version) && stored.has(version));
}

function canFetch({ capabilities }: LiveRunner, version: string): boolean {
  return capabilities.fetchesBlender === true && !capabilities.brokenBlenders?.includes(version);
}

/**
 * What those runners can use that would take a user's jobs. A version that is in storage, but that no runner can use, would let jobs
 * stand still; only where there is no runner at all, it is what jobs wait for.
 */
function versionsFor(farm: Farm, userId: number | null, stored: ReadonlySet<string>): ReadonlySet<string> {
  const runners = farm.runners
    .all()
    .filter(({ status, leaving, ownerId }) => status === "online" && !leaving && (ownerId ?? userId) === userId);
  if (runners.length === 0) return stored;
  const versions = new Set<string>();
  for (const runner of runners) {
    for (const { version } of runner.capabilities.blenders) versions.add(version);
    for (const version of stored) if (canFetch(runner, version)) versions.add(version);
  }
  return versions;
}
