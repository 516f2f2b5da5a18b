import { AppError } from "./app-error.ts";
import { parseDownloadRule, parseMirror, RELEASE_SITE } from "./blender-download.ts";
import { parseVersion } from "./blender-version.ts";

/** How a value is written: `on` or `off`, a whole number, bytes, also with a unit, or a word of its own kind. */
export type Takes = { kind: "switch" | "number" | "size" | "text"; parse: (text: string) => string };

type Setting = { fallback: string; description: string; takes: Takes };

const GB = 1e9;

const onOrOff: Takes = {
  kind: "switch",
  parse: (text) => {
    if (text !== "on" && text !== "off") throw new Error("on or off");
    return text;
  },
};

const UNITS: Record<string, number> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

const byteSize: Takes = {
  kind: "size",
  parse: (text) => {
    const match = /^(\d{1,15})\s*([KMGT]?)B?$/i.exec(text);
    const unit = UNITS[(match?.[2] ?? "").toUpperCase()];
    const bytes = match && unit ? Number(match[1]) * unit : 0;
    if (bytes < 1 || bytes > 2 ** 50) throw new Error("a size such as 50GB or 500MB");
    return String(bytes);
  },
};

const versionOrNone: Takes = {
  kind: "text",
  parse: (text) => {
    if (text !== "none" && !parseVersion(text)) throw new Error("a version such as 4.2 or 4.2.3, or none");
    return text;
  },
};

/** Everything that `manager config set` can change, with what holds until it is. */
export const SETTINGS = {
  localauth: { fallback: "off", description: "sign-in with e-mail and password", takes: onOrOff },
  registration: { fallback: "off", description: "new accounts made by their owners", takes: onOrOff },
  "frames-per-render-task": { fallback: "1", description: "frames that one lease covers", takes: wholeNumber(1, 1000) },
  "max-upload-size": {
    fallback: String(50 * GB),
    description: "bytes that one upload may have (also as 50GB)",
    takes: byteSize,
  },
  "max-project-files": {
    fallback: "50000",
    description: "files that one archive may hold",
    takes: wholeNumber(1, 1_000_000),
  },
  "task-time-limit": {
    fallback: "0",
    description: "minutes that one frame may take; 0 for no limit",
    takes: wholeNumber(0, 100_000),
  },
  "blender-mirror": {
    fallback: RELEASE_SITE,
    description: "where Blender's releases are fetched from",
    takes: { kind: "text", parse: parseMirror },
  },
  "blender-download": {
    fallback: "on",
    description: "versions of Blender that may be fetched: on, off, or such as 4.2,4.5 or !5.0.0",
    takes: { kind: "text", parse: parseDownloadRule },
  },
  "blender-default": {
    fallback: "none",
    description: "the Blender for jobs that ask for none, such as 4.2; none: that of each file",
    takes: versionOrNone,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** Says whether there is a setting of that name. */
export function isSetting(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** Reads a value as it is to be stored; throws `bad_request` with the sentence that says what the setting takes. */
export function parseSetting(name: SettingName, text: string): string {
  try {
    return SETTINGS[name].takes.parse(text.trim());
  } catch (error) {
    throw new AppError(
      "bad_request",
      `${name} takes ${error instanceof Error ? error.message : "another value"}, not "${text}".`,
    );
  }
}

function wholeNumber(least: number, most: number): Takes {
  return {
    kind: "number",
    parse: (text) => {
      if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most)
        throw new Error(`a whole number from ${least} to ${most}`);
      return String(Number(text));
    },
  };
}
