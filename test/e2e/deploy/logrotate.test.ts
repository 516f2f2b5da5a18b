import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianProgram } from "../../support/debian-program.ts";
import { startDaemon, type Daemon } from "../../support/daemon.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/program.ts";
import { until } from "../../support/until.ts";

/** A manager whose log is rotated by Debian's logrotate while it writes. */
const PATIENCE = 60_000;
setDefaultTimeout(PATIENCE);

const CONFIG = join(import.meta.dir, "../../../deploy/logrotate/jiggablend");

let folder: TemporaryFolder;
let manager: Daemon;
let url: string;
let logs: string;
let log: string;

beforeAll(async () => {
  folder = temporaryFolder();
  logs = join(folder.path, "logs");
  log = join(logs, "manager.log");
  mkdirSync(logs);
  const args = ["manager", "--host", "127.0.0.1", "--port", "0", "--log-level", "debug", "--log-file", log];
  manager = startDaemon({ args, folder: folder.path, name: "manager" });
  const up = () => (existsSync(log) ? /the manager is up url=(\S+)/.exec(readFileSync(log, "utf8")) : null);
  url = (await until("the manager is up", up, { describe: manager.log }))[1]!;
}, PATIENCE);
afterAll(async () => {
  await manager?.kill();
  folder.remove();
}, PATIENCE);

/** Rotates once by the manager's part of the configuration that we ship, which speaks of another place and of systemd. */
async function rotate(change: (config: string) => string = (config) => config): Promise<void> {
  const [, part = ""] = /(\/var\/log\/jiggablend\/\*\.log \{[^}]*\})/.exec(readFileSync(CONFIG, "utf8")) ?? [];
  const here = part
    .replace("/var/log/jiggablend/*.log", log)
    .replace(/ +su .*\n/, "")
    .replace(/systemctl kill .*/, `kill -HUP ${manager.pid}`);
  writeFileSync(join(folder.path, "logrotate.conf"), change(here), { mode: 0o644 });
  const { program, env } = debianProgram("sbin/logrotate");
  const child = Bun.spawn([program, "--force", "--state", "logrotate.state", "logrotate.conf"], {
    cwd: folder.path,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = (await child.stdout.text()) + (await child.stderr.text());
  expect([await child.exited, said]).toEqual([0, ""]);
}

/** The numbers of the jobs that were asked for, as all files of the log tell of them in the order in which they were written. */
function asked(): number[] {
  const age = (name: string): number => Number(/\.log\.(\d+)/.exec(name)?.[1] ?? 0);
  return readdirSync(logs)
    .sort((a, b) => age(b) - age(a))
    .flatMap((name) => {
      const bytes = readFileSync(join(logs, name));
      const text = (name.endsWith(".gz") ? Buffer.from(Bun.gunzipSync(bytes)) : bytes).toString();
      expect(text).toMatch(/^(\d{4}-\d\d-\d\dT[^\n]+\n)*$/);
      return [...text.matchAll(/ request requestId=\S+ method=GET path=\/api\/jobs\/(\d+) status=401 /g)].map(
        ([, id]) => Number(id),
      );
    });
}

let next = 1_000_000;
async function ask(): Promise<void> {
  next += 1;
  expect((await fetch(`${url}/api/jobs/${next}`)).status).toBe(401);
}

test("no line is lost or written twice while it is rotated again and again", async () => {
  let rotating = true;
  const asking = (async () => {
    while (rotating) await ask();
  })();
  for (let i = 0; i < 5; i++) {
    const seen = next;
    await until("there is something to rotate", () => next > seen + 20);
    await rotate();
  }
  rotating = false;
  await asking;
  const all = Array.from({ length: next - 1_000_000 }, (_, i) => 1_000_001 + i);
  await until("the last line is there", () => asked().length >= all.length);
  expect(asked()).toEqual(all);
  expect(readdirSync(logs)).toContain("manager.log.3.gz");
});

test.each([
  ["create", (config: string) => config.replace("nocreate", "create 0600")],
  [
    "copytruncate",
    (config: string) => config.replace("nocreate", "copytruncate").replace(/ +postrotate[^]*endscript\n/, ""),
  ],
])("it works with %s too", async (_, change) => {
  const before = asked();
  for (let i = 0; i < 2; i++) {
    await ask();
    await until("the line is there", () => asked().includes(next));
    await rotate(change);
  }
  await ask();
  await until("it goes on in the new file", () => readFileSync(log, "utf8").includes(`/api/jobs/${next} `));
  expect(asked()).toEqual([...before, next - 2, next - 1, next].slice(-asked().length));
  expect(asked().length).toBeGreaterThan(2);
});
