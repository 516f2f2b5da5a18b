import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { readPicture } from "../support/picture.ts";
import { blender, scenes } from "../support/scenes.ts";

/**
 * Scenes that bring programs of their own, or write where they have no business. The farm must be proof against them by itself, so that
 * all is tried with the sandbox switched off too.
 */
const PATIENCE = 180_000;
setDefaultTimeout(PATIENCE);

let folder: string;

beforeAll(async () => {
  folder = await scenes();
}, PATIENCE);

/** What the scenes leave where they should not: scripts that ran, frames that were written. `//../..` is above their folder. */
const traces = () => ["ran", "escape", "../../escape"].map((name) => join(folder, name));
const cleanUp = () => traces().forEach((path) => rmSync(path, { recursive: true, force: true }));
afterEach(cleanUp);

describe("the scenes are as hostile as they should be", () => {
  const ran = () => (existsSync(join(folder, "ran")) ? readdirSync(join(folder, "ran")).sort() : []);
  const render = (name: string, ...flags: string[]) =>
    blender([...flags, join(folder, name), "-o", join(folder, "escape", "out_"), "-f", "1"]);

  test(
    "their scripts run where Blender lets them",
    async () => {
      await render("scripted.blend", "--enable-autoexec");
      expect(ran()).toEqual(["driver", "text"]);
    },
    PATIENCE,
  );

  test(
    "Freestyle's scripts run even where Blender lets none run",
    async () => {
      await render("freestyle-script.blend", "--disable-autoexec");
      expect(ran()).toEqual(["freestyle"]);
    },
    PATIENCE,
  );

  test(
    "their File Output nodes write where they say",
    async () => {
      await render("file-output.blend", "--disable-autoexec");
      for (const place of ["escape/absolute", "../../escape/upwards"])
        expect(readdirSync(join(folder, place))).toHaveLength(1);
    },
    PATIENCE,
  );
});

describe.each(["auto", "off"])("with the sandbox %s", (sandbox) => {
  let farm: Farm;
  let runner: Runner;
  let jobs: Record<"fileOutput" | "scripted" | "freestyle", number>;

  beforeAll(async () => {
    cleanUp();
    farm = await startFarm({ flags: ["--sandbox", sandbox] });
    runner = await farm.startRunner({ flags: ["--sandbox", sandbox] });
    const submit = (name: string) => farm.api.submit(join(folder, name));
    const [fileOutput, scripted, freestyle] = [
      await submit("file-output.blend"),
      await submit("scripted.blend"),
      await submit("freestyle-script.blend"),
    ];
    jobs = { fileOutput, scripted, freestyle };
    for (const id of Object.values(jobs)) await farm.api.untilJob(id, "completed");
  }, PATIENCE);

  afterAll(() => farm?.stop(), PATIENCE);

  test("nothing of them runs, and nothing is written outside", () => {
    expect(traces().filter(existsSync)).toEqual([]);
    // File Output to //../../escape goes out of the project's folder, in the runner's workspace and in the manager's temp/.
    for (const root of [runner.workspace, farm.storage]) {
      const found = readdirSync(root, { recursive: true, encoding: "utf8" });
      expect(found.filter((path) => path.includes("escape"))).toEqual([]);
    }
  });

  test("what a File Output node writes is filed with its frame", async () => {
    const names = (await farm.api.outputs(jobs.fileOutput)).map(({ name }) => name);
    expect(names).toEqual([
      "frame_0001.Absolute-Image.exr",
      "frame_0001.Upwards-Image.exr",
      "frame_0001.exr",
      "frame_0002.Absolute-Image.exr",
      "frame_0002.Upwards-Image.exr",
      "frame_0002.exr",
    ]);
    for (const name of names) {
      const { middle } = await readPicture(await farm.api.output(jobs.fileOutput, name));
      expect(middle.slice(0, 3)).toEqual([0, 1, 0]);
    }
    const { progress } = await farm.api.job(jobs.fileOutput);
    expect([progress.frames, progress.framesDone]).toEqual([2, 2]);
  });

  test("the frames come out all the same", async () => {
    for (const id of [jobs.scripted, jobs.freestyle]) {
      const { width, height } = await readPicture(await farm.api.output(id, "frame_0001.exr"));
      expect([width, height]).toEqual([64, 36]);
    }
  });

  test("each job says what did not run, or went elsewhere", async () => {
    const codes = async (id: number) => new Set((await farm.api.job(id)).warnings.map(({ code }) => code));
    expect(await codes(jobs.scripted)).toEqual(new Set(["script_blocked"]));
    expect(await codes(jobs.freestyle)).toEqual(new Set(["freestyle_script_disabled"]));
    expect(await codes(jobs.fileOutput)).toEqual(new Set(["file_output_redirected"]));
  });

  test("the runner shows its key to no other program", () => {
    expect(runner.log()).not.toContain(farm.runnerKey);
    for (const file of ["cmdline", "environ"])
      expect(readFileSync(`/proc/${runner.pid}/${file}`, "utf8")).not.toContain(farm.runnerKey);
  });
});
