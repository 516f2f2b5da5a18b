import { expect, test } from "bun:test";
import { decodeScriptEvent } from "#programs/blender/render-event.ts";

test("events of the script are read", () => {
  expect(decodeScriptEvent({ type: "frame_saved", frame: 3, files: [{ name: "frame_0003.exr", main: true }] })).toEqual(
    {
      type: "frame_saved",
      frame: 3,
      files: [{ name: "frame_0003.exr", main: true }],
    },
  );
  expect(decodeScriptEvent({ type: "warning", code: "no_denoiser", message: "noisy" })).toEqual({
    type: "warning",
    code: "no_denoiser",
    message: "noisy",
  });
  expect(decodeScriptEvent({ type: "failed", reason: "no_camera", message: "none" })).toEqual({
    type: "failed",
    reason: "no_camera",
    message: "none",
  });
});

test("names that could lead elsewhere are no files", () => {
  const names = ["../x.exr", "/etc/passwd", "a/b.exr", ".hidden", "frame_0001.exr\n", "", 7, null];
  const event = { type: "frame_saved", frame: 1, files: names.map((name) => ({ name, main: true })) };
  expect(decodeScriptEvent(event)).toEqual({ type: "frame_saved", frame: 1, files: [] });
});

test("unknown codes and reasons become the general ones", () => {
  expect(decodeScriptEvent({ type: "warning", code: "surprise", message: "m" })).toEqual({
    type: "warning",
    code: "other",
    message: "m",
  });
  expect(decodeScriptEvent({ type: "failed", reason: "surprise", message: "m" })).toEqual({
    type: "failed",
    reason: null,
    message: "m",
  });
});

test("anything else is no event", () => {
  for (const event of [null, 1, "started", [], {}, { type: "surprise" }]) expect(decodeScriptEvent(event)).toBeNull();
});

test("texts without end are cut", () => {
  const event = decodeScriptEvent({ type: "warning", code: "other", message: "x".repeat(100_000) });
  expect(event).toMatchObject({ message: "x".repeat(2000) });
});
