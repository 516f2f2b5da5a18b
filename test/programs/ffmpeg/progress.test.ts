import { expect, test } from "bun:test";
import { ProgressReader } from "#programs/ffmpeg/progress.ts";

test("a report is told when it is whole", () => {
  const reader = new ProgressReader();
  expect(["frame=12", "fps=3.1", "out_time_us=500000"].map((line) => reader.line(line))).toEqual([null, null, null]);
  expect(reader.line("progress=continue")).toEqual({ frames: 12, seconds: 0.5 });
});

test("what is not known yet, or left out, stays as it was", () => {
  const reader = new ProgressReader();
  for (const line of ["frame=5", "out_time_us=200000", "progress=continue", "frame=   7", "out_time_us=N/A"])
    reader.line(line);
  expect(reader.line("progress=end")).toEqual({ frames: 7, seconds: 0.2 });
  expect(reader.last).toEqual({ frames: 7, seconds: 0.2 });
});
