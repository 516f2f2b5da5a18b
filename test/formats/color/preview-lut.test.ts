import { expect, test } from "bun:test";
import { previewLut, previewSignal } from "#formats/color/preview-lut.ts";

test("a preview shows middle grey as Blender does, and highlights that fade into white", () => {
  const codes = [0, 0.001, 0.18, 0.8, 1, 4, 12, 100].map((light) => Math.round(255 * previewSignal(light)));
  expect(codes).toEqual([0, 3, 118, 231, 239, 250, 255, 255]);
});

test("the table rises from 0 to 1", () => {
  const [title, size, ...entries] = previewLut().trimEnd().split("\n");
  expect([title, size]).toEqual(['TITLE "PQ to sRGB"', "LUT_1D_SIZE 1024"]);
  const values = entries.map((line) => Number(line.split(" ")[0]));
  expect([values[0], values.at(-1)]).toEqual([0, 1]);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});
