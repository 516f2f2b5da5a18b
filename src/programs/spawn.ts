import type { Command, ProgramResult, RunOptions, RunProgram } from "./command.ts";
import { watchEnding } from "./ending.ts";
import type { ExecReport } from "./exec-report.ts";
import { findProgram } from "./find-program.ts";
import { startHelper, type HelperProcess } from "./helper-process.ts";
import { selfCommand } from "./self-command.ts";
import { watchUsage } from "./usage-watch.ts";

/** How long to read on when something that nobody could kill holds the output open. */
const DRAIN_SECONDS = 2;

/**
 * The one door through which programs are run. Each runs under a helper (see exec-helper.ts) in a group of its own, so that
 * nothing of it outlives its time: not after an abort, not after a time limit, not when this process is killed.
 */
export const runProgram: RunProgram = programRunner(selfCommand());

/** Makes a door whose helper is started by `self`; tests, which have no helper in them, name a program that has. */
export function programRunner(self: readonly string[]): RunProgram {
  return async (command, options = {}) => {
    const startMs = performance.now();
    const ended = await run(self, command, options);
    return { ...ended, durationSeconds: (performance.now() - startMs) / 1000 };
  };
}

type Ended = Omit<ProgramResult, "durationSeconds">;

const NEVER_STARTED = { exitCode: null, signal: null, message: null, maxRssBytes: 0 } as const;

async function run(self: readonly string[], command: Command, options: RunOptions): Promise<Ended> {
  if (options.signal?.aborted) return { ...NEVER_STARTED, reason: "aborted" };
  const program = findProgram(command.argv[0], command.environment["PATH"]);
  if (program === null) return neverStarted(`there is no program ${command.argv[0]}`);
  let helper: HelperProcess;
  try {
    helper = startHelper(self, program, command, options.onEvent !== undefined);
  } catch (error) {
    return neverStarted(error instanceof Error ? error.message : String(error));
  }
  return attend(helper, options);
}

function neverStarted(message: string): Ended {
  return { ...NEVER_STARTED, reason: "spawn_failed", message };
}

/** Stays with a program from its start to its end, and to the end of its output. */
async function attend(helper: HelperProcess, options: RunOptions): Promise<Ended> {
  const ending = watchEnding(helper, options);
  const usage = watchUsage(helper.pid, options.onUsage);
  const cut = new AbortController();
  const errors: unknown[] = [];
  const fail = (error: unknown): void => {
    errors.push(error);
    ending.end("aborted");
  };
  const told: Told = {};
  const { onLine, onEvent, maxLineCharacters } = options;
  const limits = { signal: cut.signal, ...(maxLineCharacters && { maxCharacters: maxLineCharacters }) };
  const reports = helper.readReports((report) => Object.assign(told, { [report.kind]: report }), cut.signal);
  const output = [
    helper.readOutput("stdout", (line) => onLine?.(line, "stdout"), limits).catch(fail),
    helper.readOutput("stderr", (line) => onLine?.(line, "stderr"), limits).catch(fail),
    helper.readEvents((line) => handEvent(line, onEvent), cut.signal).catch(fail),
  ];
  await helper.exited;
  ending.stop();
  usage.stop();
  await reports;
  if (told.started && told.ended?.left !== 0) {
    killGroup(told.started.pid);
    setTimeout(() => cut.abort(), DRAIN_SECONDS * 1000);
  }
  await Promise.all(output);
  helper.release();
  if (errors.length > 0) throw errors[0];
  return {
    ...howItEnded(told, helper.endedBy()),
    ...(ending.reason && { reason: ending.reason }),
    maxRssBytes: Math.max(usage.peakRssBytes, told.ended?.maxRssBytes ?? 0),
  };
}

/** What the helper has told so far, by kind. */
type Told = { [K in ExecReport["kind"]]?: Extract<ExecReport, { kind: K }> };

/** A helper that ended without a word was killed, most likely for want of memory, and its child with it. */
function howItEnded(told: Told, helperSignal: string | null): Omit<Ended, "maxRssBytes"> {
  if (told.failed) return neverStarted(told.failed.message);
  const { exitCode, signal } = told.ended ?? { exitCode: null, signal: helperSignal ?? "SIGKILL" };
  return { reason: "exited", exitCode, signal, message: null };
}

function handEvent(line: string, onEvent: RunOptions["onEvent"]): void | Promise<void> {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return;
  }
  return onEvent?.(event);
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    return; // nothing of it is left
  }
}
