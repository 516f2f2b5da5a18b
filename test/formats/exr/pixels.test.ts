// The tests' own writer and decoder are trusted elsewhere, so they are tested against each other here.
import { expect, test } from "bun:test";
import { largestDifference, readExrPixels } from "../../support/exr-pixels.ts";
import { sized, writeExr } from "../../support/exr-writer.ts";

test.each(["none", "rle", "zips", "zip"] as const)(
  "pixels come back as they were written, with %s",
  async (compression) => {
    const channels = { A: "half", B: "float", Z: "uint" } as const;
    const value = (channel: string, x: number, y: number): number => (channel === "B" ? x / 3 + y * 1e6 : x + y);
    const pixels = await readExrPixels(writeExr({ window: [2, 3, 40, 50], channels, value, compression }));
    expect([pixels.width, pixels.height, [...pixels.channels.keys()]]).toEqual([39, 48, ["A", "B", "Z"]]);
    expect(pixels.channels.get("B")![5 * 39 + 7]).toBe(Math.fround(9 / 3 + 8e6));
    expect(pixels.channels.get("A")![47 * 39 + 38]).toBe(90);
    expect(pixels.channels.get("Z")![0]).toBe(5);
  },
);

test("pictures differ by their largest difference in any channel", async () => {
  const value = (offset: number) => (channel: string, x: number) => (channel === "G" && x === 3 ? offset : 0);
  const read = (offset: number) => readExrPixels(writeExr({ window: sized(8, 8), value: value(offset) }));
  expect(largestDifference(await read(0.25), await read(0.25))).toBe(0);
  expect(largestDifference(await read(0.25), await read(0.5))).toBe(0.25);
  expect(largestDifference(await read(0), await readExrPixels(writeExr({ window: sized(8, 9) })))).toBe(Infinity);
});
