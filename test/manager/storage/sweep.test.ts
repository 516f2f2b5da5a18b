import { expect, test } from "bun:test";
import { mkdir, open, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { openLayout } from "#manager/storage/layout.ts";
import { emptyTemp, sweepTemp } from "#manager/storage/sweep.ts";
import { createTempFile } from "#manager/storage/temp-file.ts";
import { filesUnder, tempLayout } from "./support/temp-layout.ts";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

test("at start everything in temp goes but what is to be kept, folders too, and nothing else", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  await Bun.write(join(layout.temp, "half"), "x");
  await Bun.write(join(layout.temp, "folder/sub/file"), "x");
  await Bun.write(join(layout.uploads, "1"), "x");
  await Bun.write(join(layout.temp, "upload-7"), "x");
  expect((await emptyTemp(layout, new Set(["upload-7"]))).sort()).toEqual(["folder", "half"]);
  expect(await filesUnder(layout.root)).toEqual(["temp/upload-7", "uploads/1"]);
});

test("later only what is old and not open goes", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  await write(join(layout.temp, "old"), NOW - 3 * HOUR);
  await write(join(layout.temp, "young"), NOW - HOUR);
  await using receiving = await createTempFile(layout);
  await utimes(receiving.path, NOW / 1000, (NOW - 9 * HOUR) / 1000);
  await mkdir(join(layout.temp, "folder"));
  const inside = await open(join(layout.temp, "folder/file"), "w");
  await utimes(join(layout.temp, "folder"), NOW / 1000, (NOW - 9 * HOUR) / 1000);

  expect(await sweepTemp(layout, NOW - 2 * HOUR)).toEqual(["old"]);
  await inside.close();
  expect(await sweepTemp(layout, NOW - 2 * HOUR)).toEqual(["folder"]);
  await receiving.discard();
  expect(await filesUnder(layout.temp)).toEqual(["young"]);
});

test("what is open is known also when the storage is reached through a link", async () => {
  await using store = await tempLayout();
  const link = join(store.folder, "link");
  await symlink(store.layout.root, link);
  const layout = await openLayout(link);
  await using receiving = await createTempFile(layout);
  await utimes(receiving.path, 0, 0);
  expect(await sweepTemp(layout, NOW)).toEqual([]);
});

async function write(path: string, mtimeMs: number): Promise<void> {
  await Bun.write(path, "x");
  await utimes(path, mtimeMs / 1000, mtimeMs / 1000);
}
