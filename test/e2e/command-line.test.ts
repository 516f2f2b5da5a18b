import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { plainEnvironment, run, temporaryFolder, type Ran, type TemporaryFolder } from "../support/program.ts";
import { scenes } from "../support/scenes.ts";

/** What the command line takes, and what it answers. */
/** Longer than any wait in a test, which tells more when it ends. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

let folder: TemporaryFolder;
let farm: Farm;

beforeAll(async () => {
  folder = temporaryFolder();
  farm = await startFarm();
}, PATIENCE);

afterAll(async () => {
  await farm?.stop();
  folder?.remove();
}, PATIENCE);

const cli = (...args: string[]): Promise<Ran> => run(args, { cwd: folder.path });

/** One line on standard error, and nothing else. */
function expectOneLine({ stdout, stderr }: Ran): void {
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^jiggablend: [^\n]+\n$/);
}

test.each([
  ["a command that is none", ["bogus"], "bogus"],
  ["a flag that is none", ["manager", "--bogus"], "bogus"],
  ["a port that is none", ["manager", "--port", "x"], "--port"],
  ["a port too high", ["manager", "--port", "65536"], "65535"],
  ["a sandbox that is none", ["manager", "--sandbox", "maybe"], "auto, on, off"],
  ["a log level that is none", ["manager", "--log-level", "loud"], "debug, info, warn"],
  ["a runner without its key", ["runner"], "--api-key"],
  ["a manager's address that is none", ["runner", "--api-key", "k", "--manager", "farm"], "http://"],
  ["more words than it takes", ["manager", "again"], "again"],
  ["no file to look at", ["inspect"], "file"],
  ["a setting that is none", ["manager", "config", "set", "colour", "red"], "frames-per-render-task"],
  ["a value that is none", ["manager", "config", "set", "frames-per-render-task", "0"], "1 to 1000"],
  ["a switch that is none", ["manager", "config", "enable", "sso"], "localauth"],
  ["a key without a scope", ["manager", "config", "add", "apikey", "k"], "--scope"],
  ["a user's key without the user", ["manager", "config", "add", "apikey", "k", "--scope", "user"], "--user"],
  ["a user without a password", ["manager", "config", "add", "user", "a@example.com"], "password"],
])("%s is wrong usage: exit code 2, and a line that says what is right", async (_, args, says) => {
  const ran = await cli(...args);
  expectOneLine(ran);
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain(says);
});

test(
  "what goes wrong otherwise has exit code 1, and a line too",
  async () => {
    writeFileSync(join(folder.path, "text.blend"), "no scene");
    for (const args of [
      ["inspect", "nowhere.blend"],
      ["inspect", "text.blend"],
      ["manager", "config", "remove", "user", "nobody@example.com"],
      ["manager", "--host", "127.0.0.1", "--port", new URL(farm.url).port],
      ["manager", "--host", "127.0.0.1", "--port", "0", "--db", "/nowhere/farm.db"],
    ]) {
      const ran = await cli(...args);
      const lines = ran.stderr.trim().split("\n");
      expect([args.join(" "), ran.exitCode, ran.stdout]).toEqual([args.join(" "), 1, ""]);
      expect(lines.at(-1)).toStartWith("jiggablend: ");
      expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
    }
  },
  PATIENCE,
);

test.each([[["--help"]], [["manager", "--help"]], [["runner", "--help"]], [["manager", "config", "--help"]], [[]]])(
  "%p shows how it is used",
  async (args: string[]) => {
    const { exitCode, stdout, stderr } = await cli(...args);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage:");
  },
);

describe("flags and variables", () => {
  test(
    "a key that looks like a number stays as it is",
    async () => {
      const { exitCode, stderr } = await cli(
        "runner",
        "--api-key",
        "00123",
        "--manager",
        farm.url,
        "--workspace",
        "w",
        "--sandbox",
        "off",
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain("does not accept the API key");
    },
    PATIENCE,
  );

  test("a flag wins over its variable", async () => {
    const env = { ...plainEnvironment(), JIGGABLEND_LOG_LEVEL: "loud", JIGGABLEND_PORT: "x" };
    const wrong = await run(["manager", "--port", "0"], { cwd: folder.path, env });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("loud")]);
    const flags = ["manager", "--log-level", "info", "--port", "99999"];
    const stillWrong = await run(flags, { cwd: folder.path, env });
    expect([stillWrong.exitCode, stillWrong.stderr]).toEqual([2, expect.stringContaining("99999")]);
  });
});

test(
  "settings, users and keys can be changed while the manager runs",
  async () => {
    await farm.config("set", "frames-per-render-task", "7");
    expect(await farm.config("show")).toMatch(/^frames-per-render-task +7 /m);
    const api = await farm.addUser("late@example.com");
    expect(await farm.config("list", "users")).toContain("late@example.com");
    const key = await farm.addKey("late key", "--scope", "user", "--user", "late@example.com");
    expect(key).toMatch(/^jk_r0_\S+$/);
    const keys = await farm.config("list", "apikeys");
    expect(keys).toMatch(/^late key +jk_r0_\S+… +user +late@example\.com/m);
    expect(keys).not.toContain(key);

    const withKey = () => fetch(`${farm.url}/api/jobs`, { headers: { authorization: `Bearer ${key}` } });
    expect((await withKey()).status).toBe(200);
    await farm.config("remove", "apikey", "late key");
    expect((await withKey()).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me")).status).toBe(200);
    await farm.config("remove", "user", "late@example.com");
    expect((await api.call("GET", "/api/auth/me")).status).toBe(401);
  },
  PATIENCE,
);

test(
  "inspect says what is in a scene, for people and for programs",
  async () => {
    const path = join(await scenes(), "scenes-and-cameras.blend");
    const { exitCode, stdout } = await cli("inspect", path);
    expect(exitCode).toBe(0);
    for (const name of ["Tag", "Nacht und Nebel", "Kamera links"]) expect(stdout).toContain(name);
    const json = JSON.parse((await cli("inspect", path, "--json")).stdout) as {
      scenes: { name: string; cameras: string[] }[];
    };
    expect(json.scenes.map(({ name }) => name).sort()).toEqual(["Nacht und Nebel", "Tag"]);
    expect(json.scenes.find(({ name }) => name === "Tag")!.cameras.sort()).toEqual([
      "Kamera links",
      "Kamera rechts",
      "Kamera übrig",
    ]);
  },
  PATIENCE,
);

test("the manager says at its start what is on", () => {
  expect(farm.manager().log()).toContain("signing in localauth=on registration=off");
});

test("the only way to sign in is not switched off, whichever it is", async () => {
  const byPassword = /ended with 1: jiggablend: Sign-in with a password is the only way in; set up [^\n]+\n$/;
  for (const args of [
    ["disable", "localauth"],
    ["set", "localauth", "off"],
    ["unset", "localauth"],
  ])
    await expect(farm.config(...args)).rejects.toThrow(byPassword);
  const redirect = `${farm.url}/api/auth/google/callback`;
  await farm.config("set", "google-oauth", "an-id", "a-secret", "--redirect-url", redirect);
  await farm.config("disable", "localauth");
  const byGoogle = /ended with 1: jiggablend: Sign-in with Google is the only way in; switch on [^\n]+\n$/;
  await expect(farm.config("unset", "google-oauth")).rejects.toThrow(byGoogle);
});

test("nobody signs in with a password while that is off", async () => {
  const body = JSON.stringify({ email: "a@example.com", password: "p" });
  const answer = await fetch(`${farm.url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect([403, 404]).toContain(answer.status);
});
