import { expect, test } from "bun:test";
import { videoTiming } from "#programs/video/timing.ts";

const FILM = { fps: 24, fpsBase: 1 };

test("frames that follow each other are shown at the scene's rate, with all of their sound", () => {
  expect(videoTiming([25, 26, 27], FILM)).toEqual({
    rate: { numerator: 24, denominator: 1 },
    sound: { firstFrame: 25, lastFrame: 27, spans: null },
  });
  expect(videoTiming([7], FILM).sound).toEqual({ firstFrame: 7, lastFrame: 7, spans: null });
});

test("every fifth frame is shown five times as long, and the sound reaches to the end of the last", () => {
  const television = { fps: 30, fpsBase: Math.fround(1.001) };
  expect(videoTiming([1, 6, 11], television)).toEqual({
    rate: { numerator: 6000, denominator: 1001 },
    sound: { firstFrame: 1, lastFrame: 15, spans: null },
  });
});

test("sound is cut where frames are left out in the middle", () => {
  expect(videoTiming([1, 2, 3, 25, 26], FILM)).toEqual({
    rate: { numerator: 24, denominator: 1 },
    sound: {
      firstFrame: 1,
      lastFrame: 26,
      spans: [
        { startSeconds: 0, seconds: 3 / 24 },
        { startSeconds: 1, seconds: 2 / 24 },
      ],
    },
  });
});

test("frames without order have no sound", () => {
  const frames = Array.from({ length: 1001 }, (_, at) => 3 * at + (at % 2));
  expect(videoTiming(frames, FILM).sound).toBeNull();
});

test("no frames are no video", () => {
  expect(() => videoTiming([], FILM)).toThrow(RangeError);
});
