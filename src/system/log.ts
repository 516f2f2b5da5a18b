import { closeSync, openSync, writeSync } from "node:fs";

const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Writes one line an event; `with` returns a log whose lines all carry the given fields. */
export type Log = Record<LogLevel, (message: string, fields?: LogFields) => void> & {
  with: (fields: LogFields) => Log;
  reopen: () => void;
  close: () => void;
};

/** Says whether a text names a level. */
export function isLogLevel(text: string): text is LogLevel {
  return (LEVELS as readonly string[]).includes(text);
}

/**
 * Opens a log that writes to a file, or to standard error where none is given, lines like
 * `2026-01-31T12:00:00.000Z info  started port=8080`. `reopen` opens the file anew, for logrotate.
 */
export function openLog(options: { file: string | null; level: LogLevel }): Log {
  let descriptor = options.file === null ? 2 : openSync(options.file, "a");
  const least = LEVELS.indexOf(options.level);
  const write = (level: LogLevel, message: string, fields: LogFields): void => {
    if (LEVELS.indexOf(level) < least) return;
    writeLine(
      descriptor,
      `${new Date().toISOString()} ${level.padEnd(5)} ${oneLine(message)}${formatFields(fields)}\n`,
    );
  };
  const reopen = (): void => {
    if (options.file === null) return;
    try {
      const old = descriptor;
      descriptor = openSync(options.file, "a");
      closeSync(old);
    } catch (error) {
      write("error", "the log file cannot be opened anew; going on in the old one", { error: String(error) });
    }
  };
  const close = (): void => {
    if (descriptor !== 2) closeSync(descriptor);
    descriptor = 2;
  };
  return withFields(write, {}, { reopen, close });
}

/** A log that says nothing, for tests. */
export function silentLog(): Log {
  return withFields(() => {}, {}, { reopen: () => {}, close: () => {} });
}

function withFields(
  write: (level: LogLevel, message: string, fields: LogFields) => void,
  own: LogFields,
  ends: { reopen: () => void; close: () => void },
): Log {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => write(level, message, { ...own, ...fields });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => withFields(write, { ...own, ...fields }, ends),
    ...ends,
  };
}

/** A log must never end the program it speaks of: a full disk or a closed terminal loses the line. */
function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch {
    return;
  }
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ⏎ ");
}

function formatFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}=${formatValue(value)}`)
    .join("");
}

function formatValue(value: LogFields[string]): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
