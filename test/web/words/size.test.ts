import { expect, test } from "bun:test";
import { tellSize } from "#web/words/size.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [12_345, "12.3 kB"],
  [999_499, "999 kB"],
  [999_500, "1.00 MB"],
  [3_212_000_000, "3.21 GB"],
  [5e15, "5000 TB"],
])("%p bytes are told as %p", (bytes, told) => {
  expect(tellSize(bytes)).toBe(told);
});
