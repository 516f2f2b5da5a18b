import { isLogLevel, openLog, type Log } from "#system/log.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

export const LOG_FLAGS: readonly Flag[] = [
  { name: "log-file", value: "path", description: "write the log here instead of to standard error" },
  { name: "log-level", value: "level", description: "debug, info, warn or error (default info)" },
  { name: "verbose", description: "the same as --log-level debug; the level wins if both are given" },
];

/** Opens the log that the flags ask for; SIGHUP opens its file anew, as logrotate wants it. */
export function logOf(flags: FlagValues): Log {
  const level = flags.text("log-level") ?? (flags.isOn("verbose") ? "debug" : "info");
  if (!isLogLevel(level)) throw new UsageError(`--log-level takes debug, info, warn or error, not "${level}".`);
  const log = openLog({ file: flags.text("log-file"), level });
  process.on("SIGHUP", log.reopen);
  return log;
}
