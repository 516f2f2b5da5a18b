import type { ProgramResult } from "../command.ts";

/** Numbers of signals on Linux, as a sandbox or a shell reports them: 128 and the number. */
const SIGNALS: Readonly<Record<number, string>> = {
  2: "SIGINT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
};

/** Names the signal that ended a program, seen directly or through a sandbox; null if none did. */
export function endSignal(result: ProgramResult): string | null {
  return result.signal ?? SIGNALS[(result.exitCode ?? 0) - 128] ?? null;
}

/** Says in a word how a program ended. */
export function endOf(result: ProgramResult): string {
  return endSignal(result) ?? `exit code ${result.exitCode}`;
}
