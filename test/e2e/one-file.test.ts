import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "../support/api.ts";
import { logged, startDaemon, type Daemon } from "../support/daemon.ts";
import { ADMIN } from "../support/farm.ts";
import { readPicture } from "../support/picture.ts";
import { PROGRAM, run, temporaryFolder, type TemporaryFolder } from "../support/program.ts";
import { BLENDER, scenes } from "../support/scenes.ts";

/** The program alone: copied somewhere, with an empty environment, in a folder that means it ill. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);
const NO_ENVIRONMENT = { PATH: "" };

let folder: TemporaryFolder;
let program: string;
/** A working directory whose files would change what Bun does, if it read them. */
let poisoned: string;
let evil: string;
const daemons: Daemon[] = [];

beforeAll(() => {
  folder = temporaryFolder();
  program = join(folder.path, "bin", "jiggablend");
  poisoned = join(folder.path, "poisoned");
  evil = join(folder.path, "evil-was-here");
  mkdirSync(join(folder.path, "bin"));
  mkdirSync(poisoned);
  copyFileSync(PROGRAM, program);
  const script = `require("node:fs").writeFileSync(${JSON.stringify(evil)}, "");\nthrow new Error("evil");\n`;
  writeFileSync(join(poisoned, "evil.ts"), script);
  writeFileSync(join(poisoned, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(
    join(poisoned, ".env"),
    "JIGGABLEND_PORT=1\nJIGGABLEND_DB=/nowhere/farm.db\nJIGGABLEND_API_KEY=evil\nNODE_ENV=development\n",
  );
  writeFileSync(join(poisoned, "package.json"), "{ this is not JSON");
  writeFileSync(join(poisoned, "tsconfig.json"), "{ neither is this");
});

afterAll(async () => {
  for (const daemon of daemons) await daemon.kill();
  folder?.remove();
}, PATIENCE);

const start = (name: string, args: string[]): Daemon => {
  const daemon = startDaemon({ args, folder: poisoned, name, program, env: NO_ENVIRONMENT });
  daemons.push(daemon);
  return daemon;
};

test("it says its version and its commit", async () => {
  const { exitCode, stdout, stderr } = await run(["version"], { program, cwd: poisoned, env: {} });
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^jiggablend \d+\.\d+\.\d+ \([0-9a-z-]+\)\n$/);
});

test(
  "it is a manager and a runner, and reads nothing of the folder that it stands in",
  async () => {
    const db = join(folder.path, "farm.db");
    const config = async (args: string[], input = "") => {
      const ran = await run(["manager", "config", ...args, "--db", db], { program, cwd: poisoned, env: {}, input });
      expect([ran.exitCode, ran.stderr]).toEqual([0, ""]);
      return ran.stdout.trim();
    };
    await config(["enable", "localauth"]);
    await config(["add", "user", ADMIN.email, "-"], ADMIN.password);
    const key = await config(["add", "apikey", "runners", "--scope", "manager"]);

    const blender = Bun.which(BLENDER)!;
    const storage = join(folder.path, "storage");
    const listen = ["--host", "127.0.0.1", "--port", "0"];
    const manager = start("manager", ["manager", ...listen, "--db", db, "--storage", storage, "--blender", blender]);
    const url = (await logged(manager, /the manager is up url=(\S+)/))[1]!;
    const workspace = join(folder.path, "workspace");
    const runner = start("runner", [
      ...["runner", "--manager", url, "--api-key", key, "--workspace", workspace, "--blender", blender],
    ]);
    await logged(runner, /registered/, 60);

    const api = await Api.signIn(url, ADMIN.email, ADMIN.password);
    const id = await api.submit(join(await scenes(), "animated.blend"), { frames: "1" });
    await api.untilJob(id, "completed");
    expect((await readPicture(await api.output(id, "frame_0001.exr"))).width).toBe(64);
    expect(readdirSync(folder.path)).not.toContain("evil-was-here");
    expect(readdirSync(poisoned).sort()).toEqual(
      [".env", "bunfig.toml", "evil.ts", "home", "manager.log", "package.json", "runner.log", "tsconfig.json"].sort(),
    );
  },
  PATIENCE,
);

test("its pages come with all that they need", async () => {
  const url = /the manager is up url=(\S+)/.exec(daemons[0]!.log())![1]!;
  const page = await fetch(`${url}/login`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  const links = [...(await page.text()).matchAll(/(?:href|src)="([^"]+\.(?:css|js|svg|png|ico)[^"]*)"/g)];
  expect(links.length).toBeGreaterThan(1);
  for (const [, link] of links) expect((await fetch(new URL(link!, url))).status).toBe(200);
});

test("an error on the way is not shown with its inside", async () => {
  const url = /the manager is up url=(\S+)/.exec(daemons[0]!.log())![1]!;
  const answer = await fetch(`${url}/api/jobs/1/files/1/download`);
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain("node_modules");
});
