import { describe, expect, test } from "bun:test";
import { type BlendHeader, scanHeader, versionName } from "#formats/blend/header.ts";
import { scanChunks } from "#formats/blend/scan.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";

describe("the header", () => {
  test.each<[string, BlendHeader]>([
    ["BLENDER-v304REND", { version: 304, layout: "BHead8", pointerBytes: 8, littleEndian: true }],
    ["BLENDER_v248REND", { version: 248, layout: "BHead4", pointerBytes: 4, littleEndian: true }],
    ["BLENDER_V260REND", { version: 260, layout: "BHead4", pointerBytes: 4, littleEndian: false }],
    ["BLENDER17-01v0502REND", { version: 502, layout: "LargeBHead8", pointerBytes: 8, littleEndian: true }],
  ])("%s says version, pointer size and byte order", async (text, header) => {
    expect(await read(text)).toEqual(header);
  });

  test("of a later format is unsupported, not damaged", async () => {
    expect(await blendErrorOf(read("BLENDER17-02v0700"))).toBe("unsupported");
  });

  test.each(["BLENDERS are kitchen tools", "BLENDER-x304xxxx", "BLENDER17-01w0502"])("%s is none", async (text) => {
    expect(await blendErrorOf(read(text))).toBe("not_a_blend");
  });

  test("cut short is truncated", async () => {
    expect(await blendErrorOf(read("BLENDER-v3"))).toBe("truncated");
    expect(await blendErrorOf(read("BLENDER17-01v0"))).toBe("truncated");
  });
});

test("versions are written as Blender writes them", () => {
  expect([241, 250, 279, 283, 300, 304, 405, 502].map(versionName)).toEqual([
    "2.41",
    "2.50",
    "2.79",
    "2.83",
    "3.0",
    "3.4",
    "4.5",
    "5.2",
  ]);
});

function read(text: string): Promise<BlendHeader> {
  return scanChunks(scanHeader(), chunksOf(new TextEncoder().encode(text)));
}
