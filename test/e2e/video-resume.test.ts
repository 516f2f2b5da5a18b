import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { VideoProgress } from "#programs/video/progress.ts";
import { run } from "../programs/fixtures/door.ts";
import { processesOf } from "../support/processes.ts";
import { until } from "../support/until.ts";
import { fileOf, makeVideo, namesOf, orderOf, plainFrames, setStage, type Light, type Stage } from "./video-stage.ts";

const MINUTE = 60_000;
const HALF: Light = [1, 1, 1, 0.5];
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, MINUTE);
afterAll(() => rmSync(stage.folder, { recursive: true }));

/** The commands of FFmpeg, without those that look at the result. */
function steps(lines: readonly string[]): string[] {
  const known = {
    "-pass 1": "first pass",
    "-pass 2": "second pass",
    "-framerate": "conversion",
    "-i color": "joining",
  };
  return lines.flatMap((line) => Object.entries(known).flatMap(([part, name]) => (line.includes(part) ? [name] : [])));
}

test(
  "what was finished before a restart is not done again",
  async () => {
    const frames = plainFrames(stage, "resumed", { count: 70 });
    const order = { frames, format: "EXR_264_MP4" } as const;
    const first: string[] = [];
    const stop = new AbortController();
    const interrupted = await makeVideo(stage, "resumed", order, {
      signal: stop.signal,
      onLine: (line) => {
        first.push(line);
        if (line.includes("-pass 2")) stop.abort();
      },
    });
    expect(interrupted).toEqual({ kind: "aborted" });
    expect(steps(first)).toEqual(["conversion", "conversion", "first pass", "second pass"]);

    const second: string[] = [];
    const progress: VideoProgress[] = [];
    const resumed = await makeVideo(stage, "resumed", order, {
      onLine: (line) => void second.push(line),
      onProgress: (each) => progress.push(each),
    });
    expect(namesOf(resumed)).toEqual(["video.mp4"]);
    expect(steps(second)).toEqual(["second pass", "joining"]);
    // Of the two pieces of the master either may be looked at first.
    expect([10, 60]).toContain(progress[0]!.frame!);
    expect(progress[1]).toMatchObject({ step: "converting", frame: 70, frames: 70, secondsLeft: null });
    expect(progress[1]!.fraction).toBeGreaterThan(0.1);

    const other: string[] = [];
    await makeVideo(stage, "resumed", { ...order, exposure: 1 }, { onLine: (line) => void other.push(line) });
    expect(steps(other)).toEqual(["conversion", "conversion", "first pass", "second pass", "joining"]);
  },
  MINUTE,
);

test(
  "so it is when the process is killed, and nothing goes on running",
  async () => {
    const frames = plainFrames(stage, "killed", { count: 24, light: HALF });
    const order = { ...orderOf(stage, "killed"), frames, format: "EXR_AV1_MP4" } as const;
    const script = join(import.meta.dir, "../fixtures/encode.ts");
    const killed = Bun.spawn([process.execPath, script, JSON.stringify(order)], { stdout: "pipe" });
    const first: string[] = [];
    for await (const chunk of killed.stdout.pipeThrough(new TextDecoderStream())) {
      first.push(...chunk.split("\n"));
      if (first.some((line) => line.includes("-pass 2"))) killed.kill("SIGKILL");
    }
    expect(await killed.exited).not.toBe(0);
    expect(steps(first)).toContain("second pass");
    await until("all that it had begun ends", () => processesOf(order.workFolder).length === 0);

    const second: string[] = [];
    const outcome = await makeVideo(stage, "killed", order, { onLine: (line) => void second.push(line) });
    expect(namesOf(outcome)).toEqual(["video.mp4", "video.avif"]);
    expect(steps(second)).not.toContain("conversion");
    expect(steps(second)).toContain("second pass");
  },
  2 * MINUTE,
);

test(
  "an abort ends all that runs at once",
  async () => {
    const frames = plainFrames(stage, "aborted", { count: 40, size: [640, 360], light: HALF });
    const stop = new AbortController();
    const ended: (string | null)[] = [];
    const outcome = await makeVideo(
      stage,
      "aborted",
      { frames, format: "EXR_AV1_MP4" },
      {
        signal: stop.signal,
        run: async (command, options) => {
          const result = await run(command, options);
          if (command.argv.includes("-pass")) ended.push(result.reason);
          return result;
        },
        onLine: (line) => {
          if (line.includes("alpha -f null")) stop.abort();
        },
      },
    );
    expect(outcome).toEqual({ kind: "aborted" });
    expect(ended).toEqual(["aborted", "aborted"]);
  },
  MINUTE,
);

test(
  "frames are asked for before they are read, and let go once they are converted",
  async () => {
    const frames = plainFrames(stage, "fetched", { count: 70 });
    const away = frames.map((path) => `${path}.later`);
    frames.forEach((path, at) => renameSync(path, away[at]!));
    const fetched: number[] = [];
    const released: number[] = [];
    const outcome = await makeVideo(
      stage,
      "fetched",
      { frames, format: "EXR_264_MP4" },
      {
        fetchFrame: async (index) => {
          fetched.push(index);
          if (!existsSync(frames[index]!)) renameSync(away[index]!, frames[index]!);
        },
        releaseFrame: (index) => {
          released.push(index);
          rmSync(frames[index]!);
        },
      },
    );
    expect(namesOf(outcome)).toEqual(["video.mp4"]);
    expect([...new Set(fetched)]).toHaveLength(70);
    const kept = frames.flatMap((path, at) => (existsSync(path) ? [at] : []));
    expect(kept).toEqual([0, 17, 35, 52, 69]);
    expect(released).toHaveLength(65);
  },
  MINUTE,
);

test(
  "the next frames are fetched while the first are converted",
  async () => {
    const frames = plainFrames(stage, "ahead", { count: 130 });
    const fetched: number[] = [];
    const fetchedAtStart: number[] = [];
    const outcome = await makeVideo(
      stage,
      "ahead",
      { frames, format: "EXR_264_MP4" },
      {
        fetchFrame: async (index) => void fetched.push(index),
        run: async (command, options) => {
          if (!command.argv.includes("-framerate")) return run(command, options);
          // A conversion that does not begin until the frames of the next one are there.
          if (fetchedAtStart.length === 0) while (!fetched.includes(119)) await Bun.sleep(1);
          fetchedAtStart.push(fetched.length);
          return run(command, options);
        },
      },
    );
    expect(namesOf(outcome)).toEqual(["video.mp4"]);
    expect(fetchedAtStart).toHaveLength(3);
  },
  MINUTE,
);

test(
  "progress rises to the end, and tells of both passes",
  async () => {
    const frames = plainFrames(stage, "progress", { count: 8, light: HALF });
    const progress: VideoProgress[] = [];
    await makeVideo(
      stage,
      "progress",
      { frames, format: "EXR_VP9_WEBM" },
      { onProgress: (each) => progress.push(each) },
    );
    const seen = new Set(progress.map(({ step, pass }) => `${step} ${pass}`));
    expect([...seen].sort()).toEqual([
      "alpha 1",
      "alpha 2",
      "checking null",
      "color 1",
      "color 2",
      "converting null",
      "joining null",
      "web 1",
      "web 2",
    ]);
    expect(progress.at(-1)!.fraction).toBeGreaterThan(0.9);
    for (const { frame, frames: all, fraction } of progress) {
      expect(frame).toBeLessThanOrEqual(all);
      expect(fraction).toBeLessThanOrEqual(1);
    }
  },
  MINUTE,
);

test(
  "what does not pass the check is made anew the next time",
  async () => {
    const frames = plainFrames(stage, "anew");
    const order = { frames, format: "EXR_264_MP4" } as const;
    const spoiled = await makeVideo(stage, "anew", order, {
      run: (command, options) =>
        run({ ...command, argv: command.argv.map((each) => each.replace("npl=203", "npl=100")) as never }, options),
    });
    expect(spoiled).toMatchObject({ kind: "failed", reason: "bad_output" });
    const good = await makeVideo(stage, "anew", order);
    expect(fileOf(good, "video.mp4")).toBe(join(stage.folder, "anew-out", "video.mp4"));
  },
  MINUTE,
);
