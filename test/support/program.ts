import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The compiled program. End-to-end tests start nothing else of this project; another one by JIGGABLEND_TEST_PROGRAM. */
export const PROGRAM = resolve(process.env["JIGGABLEND_TEST_PROGRAM"] ?? join(import.meta.dir, "../../bin/jiggablend"));

if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there; run "make build" first`);

/** What the program gets to see of the environment, so that no test depends on whose machine it runs on. */
export function plainEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LANG: "C.UTF-8" };
}

export type Ran = { exitCode: number; stdout: string; stderr: string };
export type RunOptions = { cwd?: string; env?: Record<string, string>; input?: string; program?: string };

/** Runs the program to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd = tmpdir(), env = plainEnvironment(), input = "", program = PROGRAM } = options;
  const child = Bun.spawn([program, ...args], {
    cwd,
    env,
    stdin: new TextEncoder().encode(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode, stdout, stderr };
}

/** A folder that is gone at the end of the block (`using`), or when `remove` is called. */
export type TemporaryFolder = Disposable & { path: string; remove: () => void };

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "jiggablend-e2e-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}
