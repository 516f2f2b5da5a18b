/** The hidden subcommand under which the program starts itself as the keeper of one child. */
export const EXEC_SUBCOMMAND = "_exec";

/** What the helper's first argument says, as JSON: where the child starts, and its whole environment. */
export type ExecSettings = { cwd: string; environment: Readonly<Record<string, string>> };

/** Where the helper reports to the process that started it, one JSON object a line. */
export const REPORT_FD = 4;

/** Where the helper's child writes its events; the helper only passes it on. */
export const EVENT_FD = 3;

/**
 * What the helper tells: first `started` or `failed`; then `ended`, when the child and all that it left behind are gone but
 * for `left` processes that could not be killed.
 */
export type ExecReport =
  | { kind: "started"; pid: number }
  | { kind: "failed"; message: string }
  | { kind: "ended"; exitCode: number | null; signal: string | null; maxRssBytes: number; left: number };
