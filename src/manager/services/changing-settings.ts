import { AppError } from "#domain/app-error.ts";
import { isSetting, parseSetting, SETTINGS, type SettingName } from "#domain/settings.ts";
import { deleteSetting, setSetting } from "#manager/db/settings.ts";
import type { Farm, Office } from "./farm.ts";
import { readSetting } from "./settings.ts";
import { mustNotBeOnlyWayIn } from "./ways-in.ts";

/** Changes a setting; throws `bad_request` with the sentence that says what it takes, and `conflict` where nobody could sign in then. */
export function changeSetting(office: Office, name: string, value: string): void {
  const known = settingNamed(name);
  setSetting(office.db, known, readChange(office, known, value));
}

/** Lets a setting's fallback hold again; throws as `changeSetting`. */
export function resetSetting(office: Office, name: string): void {
  const known = settingNamed(name);
  readChange(office, known, SETTINGS[known].fallback);
  deleteSetting(office.db, known);
}

/** Changes settings of a farm that runs, all or none; they hold at once. Throws as `changeSetting`. */
export async function changeSettings(farm: Farm, values: Readonly<Record<string, string>>): Promise<void> {
  await farm.commit.write(() => {
    for (const [name, value] of Object.entries(values)) changeSetting(farm, name, value);
  });
  farm.log.info("settings changed", { names: Object.keys(values).join(",") });
}

export type SettingsReview = { changed: Partial<Record<SettingName, string>>; problems: Record<string, string> };

/** What of these values would change something, and what is to be said of each one that will not do; what is no setting is left out. */
export function reviewSettings(farm: Farm, values: Readonly<Record<string, string>>): SettingsReview {
  const review: SettingsReview = { changed: {}, problems: {} };
  for (const [name, value] of Object.entries(values)) {
    if (!isSetting(name)) continue;
    try {
      const parsed = readChange(farm, name, value);
      if (parsed !== readSetting(farm, name)) review.changed[name] = parsed;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      review.problems[name] = error.message;
    }
  }
  return review;
}

/** A value that a setting may have from now on, as it is stored; throws as `changeSetting`. */
function readChange(office: Office, name: SettingName, text: string): string {
  const value = parseSetting(name, text);
  if (name === "localauth" && value === "off") mustNotBeOnlyWayIn(office, "password");
  return value;
}

function settingNamed(name: string): SettingName {
  if (isSetting(name)) return name;
  throw new AppError("bad_request", `There is no setting "${name}"; there are ${Object.keys(SETTINGS).join(", ")}.`);
}
