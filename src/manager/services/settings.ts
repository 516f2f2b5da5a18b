import { SETTINGS, type SettingName, type Takes } from "#domain/settings.ts";
import { getSetting } from "#manager/db/settings.ts";
import type { Office } from "./farm.ts";

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
