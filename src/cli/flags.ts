import type { Command } from "cac";
import { unmark } from "./text-arguments.ts";
import { UsageError } from "./usage-error.ts";

/** A flag of the command line. Each has a variable too: `--log-file` is `JIGGABLEND_LOG_FILE`. */
export type Flag = {
  name: string;
  /** What its value is called in the help; a flag without one is a switch. */
  value?: string;
  description: string;
  fallback?: string;
  /** May be given more than once. */
  many?: boolean;
};

/** Adds flags to a command of cac. */
export function addFlags(command: Command, flags: readonly Flag[]): Command {
  for (const flag of flags) {
    const variable = `[${variableOf(flag.name)}${flag.fallback === undefined ? "" : `, default ${flag.fallback}`}]`;
    command.option(flag.value ? `--${flag.name} <${flag.value}>` : `--${flag.name}`, `${flag.description} ${variable}`);
  }
  return command;
}

/** The values of flags: a flag wins over its variable, the variable over the default. */
export type FlagValues = {
  text: (name: string) => string | null;
  required: (name: string, why: string) => string;
  list: (name: string) => string[];
  isOn: (name: string) => boolean;
  whole: (name: string, least: number, most: number) => number | null;
};

/** Reads what cac has parsed and what the environment says. Throws `UsageError` for values that will not do. */
export function readFlags(
  flags: readonly Flag[],
  options: Record<string, unknown>,
  env: Record<string, string | undefined>,
): FlagValues {
  const given = (flag: Flag): unknown => unmark(options[camelCase(flag.name)]);
  const find = (name: string): Flag => flags.find((flag) => flag.name === name) ?? fail(`there is no flag ${name}`);
  const list = (name: string): string[] => {
    const flag = find(name);
    const value = given(flag);
    if (value !== undefined) return (Array.isArray(value) ? value : [value]).map(String);
    const variable = env[variableOf(name)];
    if (variable !== undefined && variable !== "") return flag.many ? variable.split(":") : [variable];
    return flag.fallback === undefined ? [] : [flag.fallback];
  };
  const text = (name: string): string | null => {
    const values = list(name);
    if (values.length > 1) throw new UsageError(`--${name} may be given only once.`);
    return values[0] ?? null;
  };
  return {
    text,
    list,
    required: (name, why) => text(name) ?? fail(`--${name} ${why} (or ${variableOf(name)}).`),
    isOn: (name) => given(find(name)) === true || /^(1|true|yes|on)$/i.test(env[variableOf(name)] ?? ""),
    whole: (name, least, most) => {
      const value = text(name);
      if (value === null) return null;
      if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most)
        throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${value}".`);
      return Number(value);
    },
  };
}

/** The variable that stands in for a flag. */
export function variableOf(flag: string): string {
  return `JIGGABLEND_${flag.toUpperCase().replaceAll("-", "_")}`;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function fail(message: string): never {
  throw new UsageError(message);
}
