import { expect, test } from "bun:test";
import { byteSize } from "#manager/storage/byte-size.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [16 * 2 ** 20, "16.8 MB"],
  [50 * 2 ** 30, "53.7 GB"],
  [1e12, "1 TB"],
  [2e18, "2000 PB"],
])("%d bytes are %s", (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
