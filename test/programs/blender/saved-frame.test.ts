import { afterAll, beforeEach, expect, test } from "bun:test";
import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeSavedFrame } from "#programs/blender/saved-frame.ts";

const root = mkdtempSync(join(tmpdir(), "saved-"));
const folders = { from: join(root, "work"), to: join(root, "out") };
const main = { name: "frame_0001.exr", main: true };

beforeEach(() => {
  for (const folder of Object.values(folders)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const put = (name: string, text = "exr"): void => writeFileSync(join(folders.from, name), text);

test("the files of a frame leave the folder that Blender can write to", async () => {
  put("frame_0001.exr");
  put("frame_0001.node-image.png");
  const files = [main, { name: "frame_0001.node-image.png", main: false }];
  const saved = await takeSavedFrame(folders, 1, files);
  expect(saved?.files.map((file) => file.path)).toEqual(files.map(({ name }) => join(folders.to, name)));
  expect(existsSync(join(folders.from, "frame_0001.exr"))).toBe(false);
});

test("a file that is missing or empty is not saved", async () => {
  expect(await takeSavedFrame(folders, 1, [main])).toBeNull();
  put("frame_0001.exr", "");
  expect(await takeSavedFrame(folders, 1, [main])).toBeNull();
});

test("a link to another file of this machine is not taken for a frame", async () => {
  writeFileSync(join(root, "key"), "jk_r0_secret");
  symlinkSync(join(root, "key"), join(folders.from, "frame_0001.exr"));
  expect(await takeSavedFrame(folders, 1, [main])).toBeNull();
  rmSync(join(folders.to, "frame_0001.exr"), { force: true });
  linkSync(join(root, "key"), join(folders.from, "frame_0001.exr"));
  expect(await takeSavedFrame(folders, 1, [main])).toBeNull();
});

test("files of another frame, and a frame without one main file, are not taken", async () => {
  for (const name of ["frame_0001.exr", "frame_0002.exr", "frame_00010.exr", "frame_0001_R.exr"]) put(name);
  expect(await takeSavedFrame(folders, 1, [{ name: "frame_0002.exr", main: true }])).toBeNull();
  expect(await takeSavedFrame(folders, 1, [{ name: "frame_00010.exr", main: true }])).toBeNull();
  expect(await takeSavedFrame(folders, 1, [])).toBeNull();
  expect(await takeSavedFrame(folders, 1, [main, { name: "frame_0001_R.exr", main: true }])).toBeNull();
});
