import { describe, expect, test } from "bun:test";
import { parseDna } from "#formats/blend/dna.ts";
import type { BlendHeader } from "#formats/blend/header.ts";
import { type BlendFormat, BlendWriter, FORMAT_2_48_PPC, FORMAT_3_4 } from "../../support/blend-writer.ts";

const STRUCTS = {
  Link: ["Link *next", "float (*weight)()"],
  Thing: ["Link link", "char name[66]", "float matrix[4][4]", "Link *links[2]", "short flag"],
};

describe("DNA", () => {
  test.each([
    ["8-byte", FORMAT_3_4, 8],
    ["4-byte", FORMAT_2_48_PPC, 4],
  ])("lays out structs, arrays and %s pointers", (_, format, pointer) => {
    const { byName } = parseDna(dnaOf(format), headerOf(format));
    expect(byName.get("Link")?.fields.get("weight")).toEqual({
      type: "float",
      pointer: true,
      count: 1,
      offset: pointer,
      size: pointer,
    });
    const thing = byName.get("Thing");
    const matrix = 2 * pointer + 66;
    expect(thing?.fields.get("matrix")).toEqual({ type: "float", pointer: false, count: 16, offset: matrix, size: 64 });
    expect(thing?.fields.get("links")).toMatchObject({
      pointer: true,
      count: 2,
      offset: matrix + 64,
      size: 2 * pointer,
    });
    expect(thing?.size).toBe(matrix + 64 + 2 * pointer + 2);
  });

  test("cut off anywhere is damaged", () => {
    const dna = dnaOf(FORMAT_3_4);
    for (let length = 0; length < dna.length; length++) {
      expect(() => parseDna(dna.subarray(0, length), headerOf(FORMAT_3_4))).toThrow(
        expect.objectContaining({ code: "damaged" }),
      );
    }
  });

  test("with an impossibly large array is damaged", () => {
    const dna = dnaOf(FORMAT_3_4, { Thing: [`int many[${"9".repeat(20)}]`] });
    expect(() => parseDna(dna, headerOf(FORMAT_3_4))).toThrow(expect.objectContaining({ code: "damaged" }));
  });
});

function headerOf(format: BlendFormat): BlendHeader {
  return { ...format, layout: format.pointerBytes === 8 ? "BHead8" : "BHead4" };
}

/** The DNA1 block of an otherwise empty file. */
function dnaOf(format: BlendFormat, structs: Record<string, readonly string[]> = STRUCTS): Uint8Array {
  const headBytes = format.pointerBytes === 8 ? 24 : 20;
  return new BlendWriter(structs, format).finish().slice(12 + headBytes, -headBytes);
}
