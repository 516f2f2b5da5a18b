import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskNeed, expectRoom } from "#programs/video/disk-need.ts";

const RATE = { numerator: 24, denominator: 1 };
const PIXELS = 1920 * 1080;

/** As in a noisy picture, which is hardly smaller than its half floats. */
const frame = { width: 1920, height: 1080, hasAlpha: true, layer: null, bytes: 0.8 * 8 * PIXELS };

test("the master takes most, and grows with the frames", () => {
  const need = (frames: number): number =>
    diskNeed({ format: "EXR_AV1_MP4", kind: "alpha", frame, frames, rate: RATE });
  expect((need(2400) - need(1200)) / 1200 / PIXELS).toBeCloseTo(2.55, 0);
  expect(need(1)).toBeLessThan(300e6);
});

test("frames that compress well take less", () => {
  const need = (bytes: number): number =>
    diskNeed({ format: "EXR_264_MP4", kind: "opaque", frame: { ...frame, bytes }, frames: 1000, rate: RATE });
  expect(need(0.06 * 8 * PIXELS)).toBeLessThan(need(frame.bytes) / 4);
});

test("a disk with less room is told in gigabytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "need-"));
  const { bavail, bsize } = statfsSync(folder);
  expect(expectRoom(folder, 10 * bavail * bsize)).rejects.toMatchObject({
    reason: "disk_full",
    message: expect.stringMatching(/^Making the video takes about \d+\.\d GB of disk, and there are \d+\.\d GB\.$/),
  });
  await expectRoom(folder, 1);
  rmSync(join(folder), { recursive: true });
});
