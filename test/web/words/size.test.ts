import { expect, test } from "bun:test";
import { tellSize } from "#web/words/size.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [12_345, "12.3 kB"],
  [3_200_000, "3.20 MB"],
  [50_000_000_000, "50 GB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [3_212_000_000, "3.21 GB"],
  [5e15, "5000 TB"],
])("%p bytes are told as %p", (bytes, told) => {
  expect(tellSize(bytes)).toBe(told);
});
