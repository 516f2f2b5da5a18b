import { writeSync } from "node:fs";
import { EVENT_FD, REPORT_FD, type ExecReport, type ExecSettings } from "./exec-report.ts";
import { descendants } from "./process-tree.ts";
import { becomeSubreaper } from "./subreaper.ts";

/** A process in uninterruptible sleep (a dead network disk) cannot be killed; after this time it is left to init. */
const KILL_SECONDS = 5;
const KILL_ROUND_MS = 5;

/**
 * The keeper of one child: runs it in a group of its own, and sees to it that nothing of it outlives the process that asked.
 * That process holds our standard input open; however it ends, we read end of file, and kill all that runs under us.
 * SIGTERM and SIGINT are passed on to the child's group.
 *
 * `argv` is the settings (see exec-report.ts), then the program and its arguments. Of our own environment nothing is passed on.
 * Never throws; how the child ended is told on file descriptor 4. Returns the code with which this process is to exit at once.
 */
export async function runExecHelper(argv: readonly string[]): Promise<number> {
  const [settings = "", ...command] = argv;
  let child: Bun.Subprocess | null = null;
  // Before there is a child, so that no signal ends us and leaves it alone.
  process.on("SIGHUP", () => {});
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => (child ? signal(-child.pid, name) : process.exit(1)));
  }
  becomeSubreaper();
  child = startChild(settings, command);
  if (!child) return 1;
  report({ kind: "started", pid: child.pid });
  await Promise.race([child.exited, standardInputClosed()]);
  const left = await killAll();
  await Promise.race([child.exited, Bun.sleep(KILL_SECONDS * 1000)]);
  const ended = child.signalCode === null ? null : String(child.signalCode);
  const maxRssBytes = child.resourceUsage()?.maxRSS ?? 0;
  report({ kind: "ended", exitCode: child.exitCode, signal: ended, maxRssBytes, left });
  return 0;
}

function startChild(settings: string, command: string[]): Bun.Subprocess | null {
  try {
    const { cwd, environment } = JSON.parse(settings) as ExecSettings;
    return Bun.spawn(command, {
      cwd,
      env: environment,
      stdio: ["ignore", "inherit", "inherit", EVENT_FD],
      detached: true,
    });
  } catch (error) {
    report({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

async function standardInputClosed(): Promise<void> {
  for await (const _ of Bun.stdin.stream());
}

/** Kills again and again, for a process may fork between the look and the signal. Returns how many could not be killed. */
async function killAll(): Promise<number> {
  const deadline = performance.now() + KILL_SECONDS * 1000;
  for (;;) {
    const living = descendants(process.pid).filter((process) => !process.zombie);
    if (living.length === 0 || performance.now() > deadline) return living.length;
    for (const { pid } of living) signal(pid, "SIGKILL");
    await Bun.sleep(KILL_ROUND_MS);
  }
}

/** Sends a signal to a process, or to the group of `-pid`. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    return; // it has just ended
  }
}

/** Whoever listened may be gone; then nobody needs to know. */
function report(what: ExecReport): void {
  try {
    writeSync(REPORT_FD, `${JSON.stringify(what)}\n`);
  } catch {
    return;
  }
}
