import { AppError } from "#domain/app-error.ts";
import { isSetting, type SettingName } from "#domain/settings.ts";
import type { Farm } from "./farm.ts";
import { changeSetting, readChange, readSetting } from "./settings.ts";

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
