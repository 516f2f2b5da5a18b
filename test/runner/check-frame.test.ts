import { expect, test } from "bun:test";
import { join } from "node:path";
import { checkFrameFile } from "#runner/check-frame.ts";
import { sized, writeExr } from "../support/exr-writer.ts";
import { tempFolder } from "./support/temp-folder.ts";

const EXR = writeExr({ window: sized(40, 30), compression: "zip" });

async function check(name: string, bytes: Uint8Array): Promise<string | null> {
  await using folder = await tempFolder();
  const path = join(folder.path, name);
  await Bun.write(path, bytes);
  return await checkFrameFile(path);
}

test("a whole EXR is fine", async () => {
  expect(await check("frame_0001.exr", EXR)).toBe(null);
});

test("an EXR that a full disk has cut is told of in a sentence", async () => {
  expect(await check("frame_0001.exr", EXR.subarray(0, EXR.length - 10))).toMatch(/not written or sent completely/);
});

test("an empty file is no EXR", async () => {
  expect(await check("frame_0001.exr", new Uint8Array())).toBeString();
});

test("what a File Output node wrote in another format is taken as it is", async () => {
  expect(await check("frame_0001.node-image.png", Buffer.from("PNG"))).toBe(null);
});
