import { mkdirSync, openSync, closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plainEnvironment, PROGRAM } from "./program.ts";
import { until } from "./until.ts";

export type DaemonOptions = {
  args: readonly string[];
  /** Where it runs, and where its log and its HOME lie. */
  folder: string;
  name: string;
  env?: Record<string, string>;
  program?: string;
};

/** A manager or a runner under test. */
export type Daemon = {
  readonly pid: number;
  readonly exitCode: number | null;
  /** Everything that it has written to standard output and standard error. */
  log: () => string;
  signal: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code; for a signal it is null. Throws when it does not end in time. */
  ended: (seconds?: number) => Promise<number | null>;
  /** Ends it, whatever it does, and waits until it is gone. */
  kill: () => Promise<void>;
};

/** Starts the program as a service; its log goes on in the file of an earlier one of that name. */
export function startDaemon({ args, folder, name, env = {}, program = PROGRAM }: DaemonOptions): Daemon {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const logPath = join(folder, `${name}.log`);
  const descriptor = openSync(logPath, "a");
  const begin = readFileSync(logPath).length;
  const child = Bun.spawn([program, ...args], {
    cwd: folder,
    env: { ...plainEnvironment(), HOME: home, ...env },
    stdin: "ignore",
    stdout: descriptor,
    stderr: descriptor,
  });
  closeSync(descriptor);
  const log = (): string => readFileSync(logPath).subarray(begin).toString();
  const ended = async (seconds = 30): Promise<number | null> => {
    await until(`${name} ends`, () => child.exitCode !== null || child.signalCode !== null, {
      seconds,
      describe: () => log().split("\n").slice(-15),
    });
    return child.signalCode === null ? child.exitCode : null;
  };
  return {
    pid: child.pid,
    get exitCode() {
      return child.exitCode;
    },
    log,
    signal: (signal) => child.kill(signal),
    ended,
    kill: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Waits until the log says something, and returns what the pattern matches. Throws at once when the daemon has ended. */
export function logged(daemon: Daemon, pattern: RegExp, seconds = 30): Promise<RegExpExecArray> {
  return until(
    `the log says ${pattern}`,
    () => {
      const match = pattern.exec(daemon.log());
      if (!match && daemon.exitCode !== null) throw new Error(`it ended with ${daemon.exitCode}:\n${daemon.log()}`);
      return match;
    },
    { seconds, describe: () => daemon.log().split("\n").slice(-15) },
  );
}
