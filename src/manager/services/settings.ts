import { AppError } from "#domain/app-error.ts";
import { isSetting, parseSetting, SETTINGS, type SettingName, type Takes } from "#domain/settings.ts";
import { deleteSetting, getSetting, setSetting } from "#manager/db/settings.ts";
import type { Office } from "./farm.ts";
import { mustNotBeOnlyWayIn } from "./ways-in.ts";

/** A setting as it is stored, or its fallback; read anew each time, so that the command line's changes hold at once. */
export function readSetting(office: Office, name: SettingName): string {
  return getSetting(office.db, name) ?? SETTINGS[name].fallback;
}

/** A setting that is a number. */
export function readNumber(office: Office, name: SettingName): number {
  return Number(readSetting(office, name));
}

/** Whether something is switched on. */
export function isEnabled(office: Office, name: "localauth" | "registration"): boolean {
  return readSetting(office, name) === "on";
}

/** What a project may be, all its files together. */
export function projectLimits(office: Office): { maxEntries: number; maxBytes: number } {
  return { maxEntries: readNumber(office, "max-project-files"), maxBytes: readNumber(office, "max-upload-size") };
}

/** A value that a setting may have from now on, as it is stored; throws as `changeSetting`. */
export function readChange(office: Office, name: SettingName, text: string): string {
  const value = parseSetting(name, text);
  if (name === "localauth" && value === "off") mustNotBeOnlyWayIn(office, "password");
  return value;
}

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

function settingNamed(name: string): SettingName {
  if (isSetting(name)) return name;
  throw new AppError("bad_request", `There is no setting "${name}"; there are ${Object.keys(SETTINGS).join(", ")}.`);
}

export type SettingView = {
  name: SettingName;
  value: string;
  fallback: string;
  kind: Takes["kind"];
  description: string;
};

/** All settings with their values, what holds when nobody has changed them, and what they are for. */
export function listSettings(office: Office): SettingView[] {
  const names = Object.keys(SETTINGS) as SettingName[];
  return names.map((name) => {
    const { fallback, description, takes } = SETTINGS[name];
    return { name, value: readSetting(office, name), fallback, kind: takes.kind, description };
  });
}
