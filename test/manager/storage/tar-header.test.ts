import { expect, test } from "bun:test";
import { tarHeader, tarPadding, TAR_END } from "#manager/storage/tar-header.ts";
import { tempLayout } from "./support/temp-layout.ts";

const PATHS = [
  "scene.blend",
  "x".repeat(100),
  "x".repeat(101),
  "größe/木 1.png",
  `${"folder/".repeat(20)}file`,
  // lengths at which the number before a pax record gets one digit more
  ...[86, 87, 88, 89, 90, 91, 92].map((length) => `ü${"y".repeat(length)}`),
];

test("GNU tar and tar-stream read what is written, with any path", async () => {
  await using store = await tempLayout();
  const pieces = PATHS.flatMap((path, i) => {
    const content = Buffer.alloc(i * 100, "c");
    return [tarHeader(path, content.byteLength), content, tarPadding(content.byteLength)];
  });
  await Bun.write(`${store.folder}/a.tar`, Buffer.concat([...pieces, TAR_END]));
  const listing = await Bun.$`tar --quoting-style=literal -tvf ${store.folder}/a.tar`.text();
  const lines = listing.trimEnd().split("\n");
  expect(lines.map((line) => line.replace(/^.*1970-01-01 \d\d:\d\d /, ""))).toEqual(PATHS);
  expect(lines[5]).toMatch(/^-rw-r--r-- 0\/0 +500 /);
});

test("a size of 8 GiB and more stands in a pax record", async () => {
  await using store = await tempLayout();
  for (const size of [8 ** 11 - 1, 8 ** 11, 123_456_789_012_345]) {
    await Bun.write(`${store.folder}/a.tar`, Buffer.concat([tarHeader("big.vdb", size), Buffer.alloc(512)]));
    const listing = await Bun.$`tar -tvf ${store.folder}/a.tar`.nothrow().quiet();
    expect(listing.stdout.toString()).toContain(` ${size} `);
  }
});

test("contents are filled up to whole blocks", () => {
  expect([0, 1, 511, 512, 513, 2 ** 40 + 1].map((size) => tarPadding(size).byteLength)).toEqual([
    0, 511, 1, 0, 511, 511,
  ]);
});
