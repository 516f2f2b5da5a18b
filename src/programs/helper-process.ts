import { closeSync } from "node:fs";
import type { Command } from "./command.ts";
import { EVENT_FD, EXEC_SUBCOMMAND, REPORT_FD, type ExecReport, type ExecSettings } from "./exec-report.ts";
import { findProgram } from "./find-program.ts";
import { readLines, type ReadLimits } from "./read-lines.ts";

/** An event is one line of JSON; one that is longer is cut, and so dropped. */
const MAX_EVENT_CHARACTERS = 1024 * 1024;

type OnLine = (line: string) => void | Promise<void>;

/** A running program under its helper. */
export type HelperProcess = {
  pid: number;
  exited: Promise<unknown>;
  /** The signal that ended the helper itself. */
  endedBy: () => string | null;
  readOutput: (stream: "stdout" | "stderr", onLine: OnLine, limits: ReadLimits) => Promise<void>;
  readEvents: (onLine: OnLine, signal: AbortSignal) => Promise<void>;
  readReports: (onReport: (report: ExecReport) => void, signal: AbortSignal) => Promise<void>;
  /** Asks the program to end. */
  stop: (signal: NodeJS.Signals) => void;
  /** Lets go of the helper's standard input: it kills all that is left, and ends. */
  release: () => void;
};

/**
 * Starts the helper, and by it the program. `self` starts this program again (see `selfCommand`).
 * The helper stands in a session of its own, so that no Ctrl-C and no hang-up ends it before it has cleaned up, and in `/`,
 * because Bun reads settings from the folder it starts in. Where there is a setpriv the program dies with the helper, too.
 * Throws when the helper cannot be started.
 */
export function startHelper(
  self: readonly string[],
  program: string,
  command: Command,
  events: boolean,
): HelperProcess {
  const setpriv = findProgram("setpriv");
  const guard = setpriv ? [setpriv, "--pdeathsig", "KILL", "--"] : [];
  const settings: ExecSettings = { cwd: command.cwd ?? "/", environment: command.environment };
  const argv = [...self, EXEC_SUBCOMMAND, JSON.stringify(settings), ...guard, program, ...command.argv.slice(1)];
  const helper = Bun.spawn(argv, {
    cwd: "/",
    env: {},
    stdio: ["pipe", "pipe", "pipe", events ? "pipe" : "ignore", "pipe"],
    detached: true,
  });
  const readDescriptor = async (index: number, onLine: OnLine, signal: AbortSignal): Promise<void> => {
    const descriptor = helper.stdio[index];
    if (typeof descriptor !== "number") return;
    const options = { signal, maxCharacters: MAX_EVENT_CHARACTERS };
    // Bun leaves the closing of further pipes to us.
    await readLines(Bun.file(descriptor).stream(), onLine, options).finally(() => closeSync(descriptor));
  };
  return {
    pid: helper.pid,
    exited: helper.exited,
    endedBy: () => (helper.signalCode === null ? null : String(helper.signalCode)),
    readOutput: (stream, onLine, limits) => readLines(helper[stream], onLine, limits),
    readEvents: (onLine, signal) => readDescriptor(EVENT_FD, onLine, signal),
    readReports: (onReport, signal) =>
      readDescriptor(REPORT_FD, (line) => onReport(JSON.parse(line) as ExecReport), signal),
    stop: (signal) => helper.kill(signal),
    release: () => void Promise.resolve(helper.stdin.end()).catch(() => {}),
  };
}
