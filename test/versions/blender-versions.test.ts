import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { temporaryFolder } from "../support/program.ts";
import { releaseSite, type ReleaseSite } from "../support/release-site.ts";
import { until } from "../support/until.ts";

/**
 * A farm with three whole Blenders of different major versions, as scripts/pack-debian-blender.sh makes them: one runner that has none, and
 * one that has only what is installed, which is the wrong one for a newer file.
 */
const MINUTE = 60_000;
const BLENDERS = resolve(import.meta.dir, "../../.cache/blenders");

let folder: ReturnType<typeof temporaryFolder>;
let site: ReleaseSite;
let farm: Farm;
const versions: string[] = [];

type Additions = { additions: { status: string; version: string | null; message: string | null }[] };

beforeAll(async () => {
  const archives = readdirSync(BLENDERS).filter((name) => name.endsWith(".tar.xz"));
  for (const name of archives.sort()) versions.push(/\d+\.\d+\.\d+/.exec(name)![0]);
  expect(versions.length).toBeGreaterThanOrEqual(3);
  folder = temporaryFolder();
  site = await releaseSite(archives.map((name) => join(BLENDERS, name)));
  farm = await startFarm({ settings: { "blender-mirror": site.url, "blender-download": "on" } });
}, 2 * MINUTE);

afterAll(async () => {
  await farm?.stop();
  await site?.[Symbol.asyncDispose]();
  folder?.remove();
}, MINUTE);

test(
  "three versions are added by number, one after the other, and one of them over a line that breaks",
  async () => {
    site.cutAfter(20_000_000);
    for (const version of versions) await farm.api.json("POST", "/api/admin/blender", { version });
    const { additions } = await until(
      "all are added",
      async () => {
        const now = await farm.api.json<Additions>("GET", "/api/admin/blender");
        return now.additions.every(({ status }) => status !== "running") ? now : null;
      },
      { seconds: 400 },
    );
    expect(additions.map(({ version, message }) => [version, message])).toEqual(
      versions.toReversed().map((version) => [version, null]),
    );
    expect(site.asked).toContain("bytes=20000000-");
  },
  8 * MINUTE,
);

test(
  "files of the oldest and the newest version go to the right one, and each version renders the oldest's frame",
  async () => {
    const bin = join(folder.path, "bin");
    mkdirSync(bin);
    for (const program of ["bwrap", "true", "sh"]) symlinkSync(Bun.which(program)!, join(bin, program));
    const none = await farm.startRunner({ name: "none", env: { PATH: bin } });
    const wrong = await farm.startRunner({ name: "wrong" });
    const [oldest, newest] = [versions.at(0)!, versions.at(-1)!];
    const [oldFile, newFile] = [await saveBy(oldest), await saveBy(newest)];
    const jobs = [
      await farm.api.submit(oldFile, { frames: "1" }),
      await farm.api.submit(newFile, { frames: "1-4" }),
      ...(await Promise.all(
        versions.map((blenderVersion) => farm.api.submit(oldFile, { frames: "1", blenderVersion })),
      )),
    ];
    const done = [];
    for (const id of jobs) done.push(await farm.api.untilJob(id, "completed", 400));
    const used = done.map((job) => (job as unknown as { blender: { version: string } }).blender.version);
    expect(used).toEqual([oldest, newest, ...versions]);
    expect(done[0]!.warnings).toEqual([]);
    expect(done.at(-1)!.warnings.map(({ code }) => code)).toContain("other_blender");
    const fetched = [none, wrong].flatMap((runner) => readdirSync(join(runner.workspace, "blenders")));
    expect(fetched).toContain(newest);
  },
  12 * MINUTE,
);

/** Saves a small scene with a version that the farm keeps. */
async function saveBy(version: string): Promise<string> {
  const path = join(folder.path, `by-${version}.blend`);
  const script = [
    "import bpy",
    "scene = bpy.context.scene",
    "scene.render.engine = 'CYCLES'",
    "scene.cycles.samples = 1",
    "scene.cycles.use_denoising = False",
    "scene.render.resolution_x = 64",
    "scene.render.resolution_y = 36",
    `bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(path)})`,
  ].join("\n");
  const program = join(farm.storage, "blender-versions", version, "blender");
  const child = Bun.spawn([program, "-b", "--factory-startup", "--python-exit-code", "9", "--python-expr", script], {
    stdout: "ignore",
    stderr: "ignore",
  });
  expect(await child.exited).toBe(0);
  return path;
}
