import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { blendersIn } from "../support/processes.ts";
import { run, temporaryFolder } from "../support/program.ts";
import { releaseSite, type ReleaseSite } from "../support/release-site.ts";
import { blender, scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/**
 * The way of a Blender from its release site to the manager and on to a runner that has none. The archive is laid out like an official one and
 * small: its program starts the Blender that is installed. `make test-blender-versions` does the same with whole ones, of three versions.
 */
const MINUTE = 60_000;

let folder: ReturnType<typeof temporaryFolder>;
let farm: Farm;
let site: ReleaseSite;
let version: string;
let archive: string;
let bareRunner: { env: Record<string, string> };

const manage = (...args: string[]) =>
  run(["manager", "blender", ...args, "--db", join(farm.folder, "farm.db"), "--storage", farm.storage]);

type Listed = {
  items: { version: string }[];
  additions: { status: string; message: string | null; step: string; doneBytes: number }[];
  downloads: { version: string; bytes: number }[];
};
const listed = () => farm.api.json<Listed>("GET", "/api/admin/blender");

const kept = () => readdirSync(join(farm.storage, "blender-versions")).sort();

beforeAll(async () => {
  folder = temporaryFolder();
  version = /^Blender ([\d.]+)/m.exec(await blender(["--version"]))![1]!;
  archive = await pack(`blender-${version}-linux-x64`);
  site = await releaseSite([archive]);
  farm = await startFarm({ settings: { "blender-mirror": site.url, "blender-download": version } });
  bareRunner = { env: { PATH: pathWithoutBlender() } };
}, 2 * MINUTE);

afterEach(() => farm?.clear(), MINUTE);
afterAll(async () => {
  await farm?.stop();
  await site?.[Symbol.asyncDispose]();
  folder?.remove();
}, MINUTE);

/** Packs a folder whose program starts the installed Blender; some MB of noise make of it a download that can be cut. */
async function pack(name: string): Promise<string> {
  const top = join(folder.path, name);
  mkdirSync(top);
  writeFileSync(join(top, "blender"), `#!/bin/sh\nexec ${Bun.which("blender")} "$@"\n`);
  chmodSync(join(top, "blender"), 0o755);
  symlinkSync("blender", join(top, "blender-launcher"));

  for (let i = 0; i < 40; i++) writeFileSync(join(top, `noise-${i}`), crypto.getRandomValues(new Uint8Array(65_536)));
  const path = join(folder.path, `${name}.tar.xz`);
  const { exitCode } = Bun.spawnSync(["tar", "-C", folder.path, "-cJf", path, name], {
    env: { ...process.env, XZ_OPT: "-0" },
  });
  expect(exitCode).toBe(0);
  return path;
}

/** The programs that a runner needs, and no Blender. */
function pathWithoutBlender(): string {
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  for (const program of ["bwrap", "true", "sh"]) {
    const found = Bun.which(program);
    if (found) symlinkSync(found, join(bin, program));
  }
  return bin;
}

test(
  "a job waits for its Blender, which is fetched over a line that breaks, and starts by itself on a runner that has none",
  async () => {
    const runner = await farm.startRunner(bareRunner);
    // What a machine's own user has set up changes no picture: this would end Blender at its start.
    const startup = join(farm.folder, "home/.config/blender", version.replace(/\.\d+$/, ""), "scripts/startup");
    mkdirSync(startup, { recursive: true });
    writeFileSync(join(startup, "mine.py"), "import os\nos._exit(66)\n");

    const jobId = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1-2" });
    const waiting = await until("the job says what it waits for", async () => {
      const job = await farm.api.job(jobId);
      return job.reason === "blender_unavailable" ? job : null;
    });
    expect(waiting).toMatchObject({ status: "queued", message: expect.stringMatching(/starts by itself/) as string });

    site.cutAfter(1_000_000);
    await farm.api.json("POST", "/api/admin/blender", { version: version.replace(/\.\d+$/, "") });
    await farm.api.untilJob(jobId, "completed");
    expect(site.asked).toEqual(["whole", "bytes=1000000-"]);
    expect((await listed()).additions[0]).toMatchObject({ status: "done", version } as never);
    expect(kept().filter((name) => !name.startsWith(".downloads"))).toEqual([version, `${version}.tar.xz`]);

    const versions = await farm.api.json<{ items: unknown[] }>("GET", "/api/blender/versions");
    expect(versions.items).toContainEqual(
      expect.objectContaining({ version, stored: true, runners: 1, runnerNames: [runner.name] }),
    );
    expect(readdirSync(join(runner.workspace, "blenders")).sort()).toEqual([version, "downloads"]);
    expect(readdirSync(join(runner.workspace, "blenders/downloads"))).toEqual([]);

    const again = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "3" });
    await farm.api.untilJob(again, "completed");
    expect(runner.log().match(/fetching a Blender/g)).toHaveLength(1);
  },
  3 * MINUTE,
);

test(
  "a Blender in use is not removed unless forced; what is being rendered is finished, and the rest is rendered by what the runner keeps",
  async () => {
    const runner = await farm.startRunner(bareRunner);
    const jobId = await farm.api.submit(join(await scenes(), "slow.blend"), { frames: "1-3" });
    await until("it renders", () => blendersIn(runner.workspace).length > 0, { seconds: 60 });
    const refused = await manage("remove", version);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/in use by job \d+/)]);
    expect((await manage("remove", version, "--force")).exitCode).toBe(0);
    expect(kept().filter((name) => !name.startsWith(".downloads"))).toEqual([]);
    // The runner keeps its own copy: what it has, it renders on with.
    await farm.api.untilJob(jobId, "completed");
    expect((await manage("list")).stdout).toMatch(/keeps no Blender/);
  },
  2 * MINUTE,
);

test(
  "a download that is stopped is told of, goes on where it was when it is added again, and is removed with its version",
  async () => {
    await farm.config("set", "blender-download", "on");
    const stopped = async (bytes: number) => {
      site.holdAfter(bytes);
      const begun = await farm.api.json<{ id: number }>("POST", "/api/admin/blender", { version });
      await until("some has come", async () => ((await listed()).additions[0]?.doneBytes ?? 0) >= bytes);
      expect((await listed()).downloads).toEqual([]);
      await farm.api.call("DELETE", `/api/admin/blender/additions/${begun.id}`);
      await until("it is stopped", async () => (await listed()).additions[0]?.status === "failed");
      expect((await listed()).downloads).toMatchObject([{ version, bytes }]);
    };
    await stopped(700_000);
    expect((await manage("list")).stdout).toMatch(new RegExp(`${version} +1 MB of a download that was cut off`));
    expect((await manage("add", version)).exitCode).toBe(0);
    expect(site.asked.at(-1)).toBe("bytes=700000-");
    expect((await listed()).downloads).toEqual([]);
    expect((await manage("remove", version)).exitCode).toBe(0);
    await stopped(500_000);
    expect((await manage("remove", version)).exitCode).toBe(0);
    expect((await listed()).downloads).toEqual([]);
    expect(readdirSync(join(farm.storage, "blender-versions/.downloads"))).toEqual([]);
    expect((await manage("remove", version)).stderr).toMatch(/keeps no Blender/);
  },
  2 * MINUTE,
);

test(
  "the command line adds beside the manager; damaged, foreign and disallowed ones are told apart, and leave nothing",
  async () => {
    const bad = async (what: string, tells: RegExp) => {
      const { exitCode, stderr } = await manage("add", what);
      expect(stderr).toMatch(tells);
      expect(exitCode).toBe(1);
      expect(kept().filter((name) => !name.startsWith(".downloads"))).toEqual([]);
    };
    const cut = join(folder.path, "cut.tar.xz");
    writeFileSync(cut, (await Bun.file(archive).bytes()).subarray(0, 500_000));
    await bad(cut, /cut off|damaged/);
    await bad(join(await scenes(), "animated.blend"), /no archive of a Blender|damaged/);
    const foreign = join(folder.path, "foreign.tar.xz");
    Bun.spawnSync(["tar", "-C", folder.path, "-cJf", foreign, "bin"]);
    await bad(foreign, /leads out of its folder/);
    await bad("1.23", /has no Blender1.23/);
    await farm.config("set", "blender-download", `!${version}`);
    await bad(version, /does not fetch Blender/);
    await farm.config("set", "blender-download", "on");
    {
      await using wrong = await releaseSite([archive], true);
      await farm.config("set", "blender-mirror", wrong.url);
      await bad(version, /does not have the SHA-256/);
    }
    await bad(version, /cannot be reached/);

    const added = await manage("add", join(folder.path, `blender-${version}-linux-x64`));
    expect([added.exitCode, added.stdout]).toEqual([0, `Blender ${version} is there.\n`]);
    expect((await listed()).items).toMatchObject([
      { version, abilities: { engines: expect.arrayContaining(["CYCLES"]) } },
    ]);
    expect((await manage("add", archive)).stderr).toMatch(/has Blender .* already/);
    expect((await manage("remove", version)).exitCode).toBe(0);
  },
  2 * MINUTE,
);

test(
  "an add-on that comes with Blender is switched on for a job that names it, and one that does not fails the job",
  async () => {
    await farm.startRunner();
    const scene = join(await scenes(), "animated.blend");
    const good = await farm.api.submit(scene, { frames: "1", addons: ["node_wrangler"] });
    const none = await farm.api.submit(scene, { frames: "1", addons: ["no_such_addon"] });
    await farm.api.untilJob(good, "completed");
    const failed = await farm.api.untilJob(none, "failed");
    expect(failed).toMatchObject({
      reason: "blender_unavailable",
      message: expect.stringMatching(/no_such_addon/) as string,
    });
  },
  2 * MINUTE,
);
