import { expect, test } from "bun:test";
import { LineSplitter } from "#programs/line-splitter.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(pieces: readonly Uint8Array[], maxCharacters?: number): string[] {
  const splitter = new LineSplitter(maxCharacters);
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}

test("lines end at \\n, \\r and \\r\\n, wherever the pieces are cut", () => {
  const whole = bytes("one\ntwo\rthree\r\nfour");
  for (let cut = 0; cut <= whole.length; cut += 1) {
    expect(split([whole.slice(0, cut), whole.slice(cut)])).toEqual(["one", "two", "three", "four"]);
  }
});

test("letters of several bytes may be cut anywhere", () => {
  const whole = bytes("Kamera ü 灯\n");
  expect(split([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(["Kamera ü 灯"]);
});

test("empty lines are left out, and bytes that are no text do no harm", () => {
  expect(split([bytes("\n\n  a\n\r\r"), Uint8Array.of(0xff, 10)])).toEqual(["  a", "\ufffd"]);
});

test("a line without end is cut and its rest dropped", () => {
  expect(split([bytes("abcdef"), bytes("ghi"), bytes("jkl\nnext\n")], 5)).toEqual(["abcde", "next"]);
});
