import { isMeantBy, parseVersion } from "./blender-version.ts";

/** Where Blender's releases lie, unless the farm is told otherwise. */
export const RELEASE_SITE = "https://download.blender.org/release/";

/** Reads the address of a mirror of the release site; it ends in a slash. Throws an `Error` that says what is taken. */
export function parseMirror(text: string): string {
  const match = /^https?:\/\/[^\s?#]+$/.exec(text);
  if (!match) throw new Error(`an address such as ${RELEASE_SITE}`);
  return text.endsWith("/") ? text : `${text}/`;
}

/**
 * Reads which versions may be fetched: `on` (all), `off` (none), or versions with commas between, where `!` says which may not:
 * `4.2,4.5` or `!5.0.0`. Returns it as it is stored; throws an `Error` that says what is taken.
 */
export function parseDownloadRule(text: string): string {
  if (text === "on" || text === "off") return text;
  const words = text.split(",").map((word) => word.trim());
  if (!words.every((word) => parseVersion(word.replace(/^!/, ""))))
    throw new Error("on, off, or versions such as 4.2,4.5 (allowed) or !5.0.0 (not allowed)");
  return words.join(",");
}

/** Whether a version may be fetched by a rule that `parseDownloadRule` has read. */
export function mayDownload(rule: string, version: string): boolean {
  if (rule === "on" || rule === "off") return rule === "on";
  const words = rule.split(",");
  if (words.some((word) => word.startsWith("!") && isMeantBy(version, word.slice(1)))) return false;
  const allowed = words.filter((word) => !word.startsWith("!"));
  return allowed.length === 0 || allowed.some((word) => isMeantBy(version, word));
}
