// Runs a manager and one runner of this machine until Ctrl-C: `run.ts <state folder> <port>`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const BINARY = "bin/jiggablend";
const KEY = "jk_r0_test_key_123456789012345678901234567890";

/** Managers and runners stop in order within seconds; what takes longer is ended. */
const STOP_SECONDS = 20;

const [state = ".run", port = "8080"] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}`;
mkdirSync(state, { recursive: true });

// a group of its own, so that Ctrl-C reaches the runner first and it can give back what it holds; it ends with this process all the same
const manager = Bun.spawn(
  [
    "setpriv",
    "--pdeathsig",
    "TERM",
    "--",
    BINARY,
    "manager",
    "--host",
    "127.0.0.1",
    "--port",
    port,
    "--db",
    join(state, "jiggablend.db"),
    "--storage",
    join(state, "storage"),
  ],
  { stdio: ["ignore", "inherit", "inherit"], detached: true },
);
if (!(await isUp())) {
  manager.kill("SIGTERM");
  process.exit((await manager.exited) || 1);
}
const runner = Bun.spawn([BINARY, "runner", "--manager", url, "--workspace", join(state, "runner")], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, JIGGABLEND_API_KEY: KEY },
  detached: true,
});
console.log(`
  JiggaBlend is running:   ${url}
  Sign in with             test@example.com  /  testpassword
  Try it in another shell: make demo
  Ctrl-C ends it.
`);

const signal = await Promise.race([
  ...(["SIGINT", "SIGTERM", "SIGHUP"] as const).map(
    (name) => new Promise<string>((resolve) => process.once(name, () => resolve(name))),
  ),
  manager.exited.then(() => "the manager ended"),
  runner.exited.then(() => "the runner ended"),
]);
console.log(`\nStopping (${signal}) …`);
await end(runner, "SIGINT");
await end(manager, "SIGTERM");
process.exit(signal.startsWith("SIG") ? 0 : 1);

async function isUp(): Promise<boolean> {
  for (let tries = 0; tries < 100 && manager.exitCode === null; tries++) {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    if (answer?.ok) return true;
    await Bun.sleep(100);
  }
  return false;
}

async function end(child: Bun.Subprocess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_SECONDS * 1000);
  await child.exited;
  clearTimeout(late);
}
