import { expect, test } from "bun:test";
import { kilobitsPerSecond } from "#programs/ffmpeg/bitrate.ts";

const FILM = { numerator: 24, denominator: 1 };
const megabits = (kind: "h264" | "vp9" | "av1", width: number, height: number): string =>
  (kilobitsPerSecond(kind, { width, height }, FILM) / 1000).toFixed(1);

test("1080p and 2160p have bit rates of HDR as it is published", () => {
  expect([megabits("h264", 1920, 1080), megabits("vp9", 1920, 1080), megabits("av1", 1920, 1080)]).toEqual([
    ...["10.5", "7.4", "5.8"],
  ]);
  expect([megabits("h264", 3840, 2160), megabits("vp9", 3840, 2160), megabits("av1", 3840, 2160)]).toEqual([
    ...["42.1", "29.5", "23.2"],
  ]);
});

test("twice as many frames a second need less than twice the bits", () => {
  const size = { width: 1920, height: 1080 };
  const ratio =
    kilobitsPerSecond("av1", size, { numerator: 60, denominator: 1 }) /
    kilobitsPerSecond("av1", size, { numerator: 30, denominator: 1 });
  expect(ratio).toBeCloseTo(2 ** 0.75, 3);
});

test("a small picture has a bit rate with which nothing is lost", () => {
  expect(kilobitsPerSecond("av1Alpha", { width: 64, height: 36 }, FILM)).toBe(1000);
});
