import { join } from "node:path";
import { descendants } from "#programs/process-tree.ts";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { RGBA, sized, writeExr } from "../support/exr-writer.ts";
import { peakMemoryBytes } from "../support/processes.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { figure, heading, megabytes, timed } from "./report.ts";

const SIZE = [256, 144] as const;
const UPLOADS_AT_ONCE = 8;
const HOURS = 4 * 3600;

/** The lengths to compare; memory that grows with a video shows in the second. */
const LENGTHS = (process.env["JIGGABLEND_BENCH_FRAMES"] ?? "500,2000").split(",").map(Number);
const FORMATS = (process.env["JIGGABLEND_BENCH_FORMATS"] ?? "EXR_264_MP4").split(",");

/** A short video beside one that is several times as long, through the farm: frames a second, and the peak memory of everybody. */
export async function benchLongVideo(): Promise<void> {
  heading(`videos of ${LENGTHS.join(" and ")} frames of ${SIZE.join(" x ")} with alpha, through the farm`);
  const pictures = [0, 1, 2, 3, 4, 5, 6, 7].map(picture);
  for (const format of FORMATS)
    for (const frames of LENGTHS) {
      await using farm = await startFarm({ settings: { "frames-per-render-task": "1000" } });
      const id = await farm.api.submit(join(await scenes(), "animated.blend"), {
        frames: `1-${frames}`,
        resolutionPercentage: 400, // of 64 x 36
      });
      await fileFrames(farm, id, pictures);
      const filedBytes = peakMemoryBytes(farm.manager().pid);
      const runner = await farm.startRunner();
      const programs = watchPrograms(runner);
      await farm.api.json("POST", `/api/jobs/${id}/videos`, { format });
      const took = await timed(() => farm.api.untilJob(id, "completed", HOURS));
      figure(`${format}, ${frames} frames`, `${(frames / took).toFixed(0)} fps`, `${took.toFixed(0)} s in all`);
      figure(
        "  peak memory of the runner",
        megabytes(peakMemoryBytes(runner.pid)),
        `largest program ${megabytes(programs())}`,
      );
      const manager = megabytes(peakMemoryBytes(farm.manager().pid));
      figure("  peak memory of the manager", manager, `when all frames were filed ${megabytes(filedBytes)}`);
    }
}

/** A soft gradient that moves, seen through a hole that does not. */
function picture(shift: number): Uint8Array {
  const value = (channel: string, x: number, y: number): number => {
    const alpha = x < SIZE[0] / 2 ? 1 : 0.5;
    return channel === "A" ? alpha : (alpha * ((x + y + 4 * shift) % 256)) / 128;
  };
  return writeExr({ window: sized(...SIZE), channels: RGBA, compression: "zip", value });
}

/** Plays the runners that render all frames of a job. */
async function fileFrames(farm: Farm, jobId: number, pictures: readonly Uint8Array[]): Promise<void> {
  const raw = await RawRunner.register(farm.url, farm.runnerKey);
  while ((await farm.api.job(jobId)).status !== "completed") {
    const [task] = await raw.ask();
    if (!task) continue;
    const { id: taskId, attempt } = task;
    const frames = task.frames.split(",").flatMap((part) => {
      const [first, last = first] = part.split("-").map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
    while (frames.length > 0) {
      const some = frames.splice(0, UPLOADS_AT_ONCE);
      const upload = (frame: number) =>
        raw.upload({ jobId, taskId, attempt, frame, content: pictures[frame % pictures.length]! });
      for (const answer of await Promise.all(some.map(upload)))
        if (!answer.ok) throw new Error(`a frame was refused: ${await answer.text()}`);
      if (frames.length % 400 < UPLOADS_AT_ONCE) await raw.heartbeat([task]);
    }
    const done = await raw.complete(taskId, { attempt, ok: true });
    if (!done.ok) throw new Error(`a task was refused: ${await done.text()}`);
  }
}

/** The most that one program of a runner has at any time; asked for at the end. */
function watchPrograms(runner: Runner): () => number {
  let most = 0;
  const look = (): void => {
    for (const { pid } of descendants(runner.pid)) {
      try {
        most = Math.max(most, peakMemoryBytes(pid));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    return most;
  };
}
