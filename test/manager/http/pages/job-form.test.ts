import { describe, expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { problemOf, readJobForm } from "#manager/http/pages/job-form.ts";

const read = (fields: Record<string, string>, file = "castle.blend") =>
  readJobForm(new Map(Object.entries(fields)), file);

describe("a form of which nothing is filled in", () => {
  test("wishes for nothing that the scene does not say", () => {
    expect(read({}).problems).toEqual({});
    expect(read({}).wishes).toEqual({
      name: "castle",
      frames: null,
      scene: null,
      camera: null,
      engine: null,
      device: "auto",
      samples: null,
      resolutionPercentage: null,
      blenderVersion: null,
      mainFile: null,
      addons: [],
      autostart: false,
    });
  });
});

test.each([
  ["castle.blend", "castle"],
  ["my.shot.v2.blend", "my.shot.v2"],
  ["project.tar.gz", "project"],
  [".blend", "Untitled"],
  ["", "Untitled"],
])("a job of the file %p is called %p", (file, name) => {
  expect(read({}, file).wishes.name).toBe(name);
});

test.each([
  ["priority", "101"],
  ["priority", "1.5"],
  ["samples", "0"],
  ["samples", "1e3"],
  ["resolutionPercentage", "401"],
  ["blenderVersion", "latest"],
  ["device", "tpu"],
  ["frames", "1-"],
  ["name", "x".repeat(201)],
  ["scene", "x".repeat(301)],
])("%s does not take %p", (field, value) => {
  expect(Object.keys(read({ [field]: value }).problems)).toEqual([field]);
});

test.each([
  ["rigify", ["rigify"]],
  [" rigify ,node_wrangler rigify,", ["rigify", "node_wrangler"]],
  ["bl_ext.blender_org.rigify", ["bl_ext.blender_org.rigify"]],
])("the add-ons %p are %p", (typed, names) => {
  expect(read({ addons: typed }).wishes.addons).toEqual(names);
});

test.each([
  ["rigify.py;rm", '"rigify.py;rm" is not the module of an add-on'],
  ["node-wrangler", '"node-wrangler" is not the module of an add-on'],
  [Array.from({ length: 51 }, (_, i) => `a${i}`).join(" "), "At most 50 add-ons"],
])("the add-ons %p will not do", (typed, told) => {
  expect(read({ addons: typed }).problems["addons"]).toStartWith(told);
});

test("spaces around what was typed do not count", () => {
  expect(read({ samples: " 64 ", camera: " Top " }).wishes).toMatchObject({ samples: 64, camera: "Top" });
});

test("an error of the upload belongs beside the file, an unknown one above the form", () => {
  expect(problemOf(new AppError("too_large", "Too large."))).toEqual({ file: "Too large." });
  expect(problemOf(new AppError("conflict", "No."))).toEqual({ form: "No." });
});
