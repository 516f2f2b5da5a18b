import { expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import {
  attemptLogPath,
  contextPath,
  openLayout,
  outputPath,
  previewPath,
  uploadPath,
} from "#manager/storage/layout.ts";
import { tempLayout } from "./support/temp-layout.ts";

test("opening a storage makes its folders, and opening it again changes nothing", async () => {
  await using store = await tempLayout();
  for (const folder of ["blender-versions", "jobs", "outputs", "temp", "uploads"])
    expect((await stat(`${store.layout.root}/${folder}`)).isDirectory()).toBe(true);
  expect(await openLayout(store.layout.root)).toEqual(store.layout);
});

test("paths are made of ids and checked names", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  expect(uploadPath(layout, 7)).toBe(`${layout.root}/uploads/7`);
  expect(contextPath(layout, 3)).toBe(`${layout.root}/jobs/3/context.tar`);
  expect(attemptLogPath(layout, 3, 12, 2)).toBe(`${layout.root}/jobs/3/logs/12-2.log`);
  expect(outputPath(layout, 3, "frame_0001.exr")).toBe(`${layout.root}/outputs/3/frame_0001.exr`);
  expect(previewPath(layout, 3, 9, "jpg")).toBe(`${layout.root}/outputs/3/previews/9.jpg`);
});

test("anything else never becomes a path", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  for (const name of ["", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "a..b", "previews", "ä.exr", "x".repeat(300)])
    expect(() => outputPath(layout, 1, name)).toThrow(TypeError);
  for (const id of [-1, 1.5, NaN, Infinity, 2 ** 60]) expect(() => uploadPath(layout, id)).toThrow(TypeError);
  for (const extension of ["", "../x", "JPG", "a/b"])
    expect(() => previewPath(layout, 1, 1, extension)).toThrow(TypeError);
});
