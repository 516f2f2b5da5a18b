import { expect, test } from "bun:test";
import { parseRange } from "#manager/storage/byte-range.ts";

test.each([
  ["bytes=0-0", 0, 0],
  ["bytes=2-5", 2, 5],
  ["bytes=5-", 5, 9],
  ["bytes=5-999", 5, 9],
  ["bytes=-3", 7, 9],
  ["bytes=-999", 0, 9],
  ["bytes= 1-2 ", 1, 2],
])("%j of ten bytes are %d to %d", (header, first, last) => {
  expect(parseRange(header, 10)).toEqual({ kind: "part", first, last });
});

test.each(["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"])(
  "%j of ten bytes is unsatisfiable",
  (header) => {
    expect(parseRange(header, 10)).toEqual({ kind: "unsatisfiable" });
  },
);

test.each([null, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes 1-2"])(
  "%j is ignored",
  (header) => {
    expect(parseRange(header, 10)).toEqual({ kind: "whole" });
  },
);

test("nothing of an empty file can be asked for", () => {
  expect(parseRange("bytes=0-", 0)).toEqual({ kind: "unsatisfiable" });
  expect(parseRange("bytes=-5", 0)).toEqual({ kind: "unsatisfiable" });
  expect(parseRange(null, 0)).toEqual({ kind: "whole" });
});
