import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startFarm } from "../support/farm.ts";
import { temporaryFolder } from "../support/program.ts";
import { figure, heading, seconds, timed } from "./report.ts";

const FRAMES = 24;

/** The same frames by the farm with one runner, by one bare Blender, and by one bare Blender process a frame. */
export async function benchRender(): Promise<void> {
  heading(`${FRAMES} frames of the example scene`);
  const { path: folder, remove } = temporaryFolder();
  try {
    const scene = join(folder, "demo.blend");
    await blender(["--python", "examples/make-demo-scene.py", "--", scene]);
    mkdirSync(join(folder, "out"));
    const out = ["-o", join(folder, "out/f_####"), "-F", "OPEN_EXR"];
    const once = await timed(() => blender([scene, ...out, "-s", "1", "-e", String(FRAMES), "-a"]));
    const each = await timed(async () => {
      for (let frame = 1; frame <= FRAMES; frame++) await blender([scene, ...out, "-f", String(frame)]);
    });
    const reference = `bare blender -a ${seconds(once)}, one process a frame ${seconds(each)}`;
    for (const perTask of [1, 8, FRAMES])
      figure(
        `by the farm, one runner, ${perTask} frame${perTask === 1 ? "" : "s"} a task`,
        seconds(await byTheFarm(scene, perTask)),
        reference,
      );
  } finally {
    remove();
  }
}

async function byTheFarm(scene: string, framesPerTask: number): Promise<number> {
  await using farm = await startFarm({ settings: { "frames-per-render-task": String(framesPerTask) } });
  await farm.startRunner();
  return await timed(async () => {
    const id = await farm.api.submit(scene, { frames: `1-${FRAMES}` });
    while ((await farm.api.job(id)).status !== "completed") await Bun.sleep(50);
  });
}

async function blender(args: readonly string[]): Promise<void> {
  const child = Bun.spawn(["blender", "-b", "--factory-startup", ...args], { stdio: ["ignore", "ignore", "ignore"] });
  if ((await child.exited) !== 0) throw new Error(`blender ${args.join(" ")} failed`);
}
