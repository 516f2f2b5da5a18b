import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "#cli/inspect.ts";
import { smallScene } from "../support/small-scene.ts";

const FIXTURE = new URL("../fixtures/blend/shot-5.2.blend", import.meta.url).pathname;

test("inspect says for people what is in a .blend", async () => {
  const text = await inspected(FIXTURE, false);
  expect(text).toContain("Saved by Blender 5.2 (64-bit, little endian), compression: zstd");
  expect(text).toContain('Scene "Shot" (active)');
  expect(text).toMatch(/frames +10-50, every 3, 29\.97 a second/);
  expect(text).toMatch(/camera markers +10: Cam A, 20: Cäm B/);
  expect(text).toMatch(/udim +\/\/tex\/skin\.<UDIM>\.png/);
  expect(text).toMatch(/image +\S*packed\.png +packed/);
  expect(text).toContain("startup.py");
});

test("inspect gives JSON that a program can read", async () => {
  const blend = JSON.parse(await inspected(FIXTURE, true));
  expect(blend.version).toBe("5.2");
  expect(blend.scenes.map(({ name }: { name: string }) => name)).toContain("Shot");
});

test("names in a file cannot command the terminal", async () => {
  const path = join(tmpdir(), `inspect-${process.pid}.blend`);
  await Bun.write(path, smallScene({ "id.name": "SC\u001b[2J\u009b\nx" }).finish());
  try {
    expect(await inspected(path, false)).toContain('Scene "\ufffd[2J\ufffd\ufffdx"');
    expect(await inspected(path, true)).not.toMatch(/[\u001b\u009b]/);
  } finally {
    await Bun.file(path).delete();
  }
});

test("what is no file, or no .blend, is an error of one line that names it", async () => {
  await expect(inspected("/no/such.blend", false)).rejects.toThrow("There is no file /no/such.blend.");
  await expect(inspected(import.meta.dir, false)).rejects.toThrow("There is no file");
  await expect(inspected(import.meta.path, false)).rejects.toThrow("inspect.test.ts: This is not a .blend file.");
});

async function inspected(path: string, json: boolean): Promise<string> {
  let text = "";
  expect(await inspect(path, { json, write: (written) => (text += written) })).toBe(0);
  return text;
}
