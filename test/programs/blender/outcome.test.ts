import { expect, test } from "bun:test";
import type { FailureReason } from "#domain/failure.ts";
import { LastLines } from "#programs/blender/last-lines.ts";
import { judgeRender, type RenderFacts, type Verdict } from "#programs/blender/outcome.ts";
import type { ProgramResult } from "#programs/command.ts";

const GIBIBYTE = 1024 ** 3;

type Case = Partial<Omit<RenderFacts, "result" | "lastLines">> & { result?: Partial<ProgramResult>; lines?: string[] };

/** Judges a Blender that rendered frame 7 and ended well, but for what the case says. */
function judge({ result, lines = [], ...facts }: Case): Verdict {
  const lastLines = new LastLines();
  lines.forEach((line) => lastLines.add(line));
  return judgeRender({
    result: {
      reason: "exited",
      exitCode: 0,
      signal: null,
      message: null,
      durationSeconds: 1,
      maxRssBytes: 1,
      ...result,
    },
    endedFor: null,
    started: true,
    failed: null,
    frame: 7,
    missingFrames: result?.exitCode === 0 || result === undefined ? [] : [7],
    lastLines,
    freeBytes: GIBIBYTE,
    ...facts,
  });
}

const failure = (reason: FailureReason, words: string | RegExp): Verdict => ({
  kind: "failed",
  reason,
  message: expect.stringMatching(words) as unknown as string,
});

test("it is done when Blender ended well and every frame is there", () => {
  expect(judge({})).toEqual({ kind: "done" });
});

test("exit code 0 without a frame is bad output", () => {
  expect(judge({ missingFrames: [7, 8] })).toEqual(failure("bad_output", /frame_0007\.exr did not come out/));
});

test("exit code 0 without a frame on a full disk is the disk's fault", () => {
  expect(judge({ missingFrames: [7], freeBytes: 4096 })).toEqual(failure("disk_full", /on frame 7/));
  expect(
    judge({ result: { exitCode: 1 }, lines: ["Render error (No space left on device) cannot save: '/x'"] }),
  ).toEqual(failure("disk_full", "full"));
});

test("a nearly full disk does not spoil what came out whole", () => {
  expect(judge({ freeBytes: 4096 })).toEqual({ kind: "done" });
});

test("a crash is told with its signal and frame, also through a sandbox", () => {
  for (const result of [{ exitCode: null, signal: "SIGSEGV" }, { exitCode: 139 }]) {
    expect(judge({ result })).toEqual(failure("blender_crashed", /on frame 7 \(SIGSEGV\)/));
  }
  expect(judge({ result: { exitCode: 134 } })).toEqual(failure("blender_crashed", /SIGABRT/));
});

test("a crash before the script's turn is a file that cannot be opened", () => {
  expect(judge({ result: { exitCode: 139 }, started: false, frame: null })).toEqual(
    failure("load_failed", /opened the file \(SIGSEGV\)/),
  );
});

test("a kill that was not ours is the kernel's, for want of memory", () => {
  for (const result of [{ exitCode: null, signal: "SIGKILL" }, { exitCode: 137 }]) {
    expect(judge({ result })).toEqual(failure("out_of_memory", /on frame 7/));
  }
});

test("an abort after a failed allocation is no crash", () => {
  for (const line of [
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "Malloc returns null: len=8",
    "System is out of GPU memory",
  ]) {
    expect(judge({ result: { exitCode: 134 }, lines: [line] })).toEqual(failure("out_of_memory", "memory"));
  }
});

test("a file that Blender cannot open is told in its own words", () => {
  const lines = [
    "Blender 3.4.1",
    "Read blend: /p/a.blend",
    "Error: Failed to read blend file '/p/a.blend': Missing DNA block",
    "Blender quit",
  ];
  expect(judge({ result: { exitCode: 1 }, started: false, lines })).toEqual(
    failure("load_failed", /Missing DNA block$/),
  );
});

test("noise of machines without display or sound explains nothing", () => {
  const lines = [
    "Error: Not enough memory banks",
    "EGL Error (0x3001): EGL_NOT_INITIALIZED",
    "ALSA lib conf.c: error evaluating name",
    "Fra:1 Mem:9M | Error pass",
  ];
  expect(judge({ result: { exitCode: 1 }, started: false, lines })).toEqual(
    failure("load_failed", /It said: Error: Not enough memory banks$/),
  );
});

test("a Blender that cannot be started is not there", () => {
  expect(
    judge({ result: { reason: "spawn_failed", exitCode: null, message: "there is no program x" }, started: false }),
  ).toEqual(failure("blender_unavailable", /no program x/));
  expect(
    judge({ result: { exitCode: 127 }, started: false, lines: ["error while loading shared libraries: libGL.so.1"] }),
  ).toEqual(failure("blender_unavailable", /libGL/));
});

test("the script's own reason stands, whatever the exit code", () => {
  const failed = { reason: "gpu_unavailable", message: "No GPU." } as const;
  expect(judge({ result: { exitCode: 1 }, failed })).toEqual({ kind: "failed", ...failed });
  expect(judge({ result: { reason: "aborted", exitCode: 143 }, failed })).toEqual({ kind: "failed", ...failed });
});

test("Blender's own error in the script is judged by its words", () => {
  expect(
    judge({ result: { exitCode: 1 }, failed: { reason: null, message: "Error: Cannot render, no camera" } }),
  ).toEqual(failure("no_camera", "camera"));
  expect(
    judge({ result: { exitCode: 1 }, failed: { reason: null, message: "Error: CUDA error: Out of memory" } }),
  ).toEqual(failure("out_of_memory", "memory"));
  expect(judge({ result: { exitCode: 1 }, failed: { reason: null, message: "Error: odd" } })).toEqual(
    failure("internal", "odd"),
  );
});

test("an exception in the script is the farm's fault", () => {
  expect(judge({ result: { exitCode: 97 }, lines: ["KeyError: 'runs'"] })).toEqual(
    failure("internal", /KeyError: 'runs'/),
  );
});

test("what we ended ourselves is told as such, not as a kill or an abort", () => {
  const result = { reason: "aborted", exitCode: null, signal: "SIGKILL" } as const;
  expect(judge({ result, endedFor: "hung" })).toEqual(failure("hung", /on frame 7/));
  expect(judge({ result, endedFor: "timeout", frame: null })).toEqual(failure("timeout", /opened the file/));
  expect(judge({ result })).toEqual({ kind: "aborted" });
});

test("any other end is internal and says how", () => {
  expect(judge({ result: { exitCode: 153 } })).toEqual(failure("internal", /SIGXFSZ/));
  expect(judge({ result: { exitCode: 1 } })).toEqual(failure("internal", /exit code 1/));
});
