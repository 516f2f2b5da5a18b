import { expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import {
  listUnfinishedDownloads,
  removeDownloads,
  sweepDownloads,
  takeDownloadPlace,
} from "#manager/storage/blender-downloads.ts";
import type { Layout } from "#manager/storage/layout.ts";
import { filesUnder, tempLayout } from "./support/temp-layout.ts";

const DAY = 24 * 3600_000;
const SHA = "ab".repeat(32);

/** A download that was cut off after three bytes. */
async function cutOff(layout: Layout, version: string): Promise<string> {
  await using place = await takeDownloadPlace(layout, version, SHA);
  await Bun.write(place!.path, "abc");
  return place!.path;
}

test("a download is at one place for whoever fetches that archive, one at a time", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  const path = await cutOff(layout, "4.2.3");
  {
    await using again = await takeDownloadPlace(layout, "4.2.3", SHA);
    expect(again!.path).toBe(path);
    expect(await takeDownloadPlace(layout, "4.2.3", SHA)).toBeNull();
    await using other = await takeDownloadPlace(layout, "4.2.3", "cd".repeat(32));
    expect(other!.path).not.toBe(path);
  }
  expect(await filesUnder(layout.blenderVersions)).toEqual([`.downloads/4.2.3-${SHA.slice(0, 16)}.part`]);
});

test("what was cut off is told of, and what is under way is not", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  expect(await listUnfinishedDownloads(layout)).toEqual([]);
  await cutOff(layout, "4.2.3");
  const path = await cutOff(layout, "4.5.0");
  await Bun.write(`${path}.lock`, ""); // of a process that was killed
  const all = await listUnfinishedDownloads(layout);
  expect(all.map(({ version, bytes }) => `${version} ${bytes}`).sort()).toEqual(["4.2.3 3", "4.5.0 3"]);
  await using _ = await takeDownloadPlace(layout, "4.2.3", SHA);
  expect((await listUnfinishedDownloads(layout)).map(({ version }) => version)).toEqual(["4.5.0"]);
});

test("removing a version takes what has come of it, unless it is under way", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  await cutOff(layout, "4.2.3");
  await cutOff(layout, "4.5.0");
  {
    await using _ = await takeDownloadPlace(layout, "4.2.3", SHA);
    expect(await removeDownloads(layout, "4.2.3")).toBe(false);
  }
  expect(await removeDownloads(layout, "4.2.3")).toBe(true);
  expect(await removeDownloads(layout, "4.2.3")).toBe(false);
  expect((await listUnfinishedDownloads(layout)).map(({ version }) => version)).toEqual(["4.5.0"]);
});

test("what nobody goes on with is swept after a while, and never while it is under way", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  const now = Date.now();
  const old = await cutOff(layout, "4.2.3");
  await cutOff(layout, "4.5.0");
  await utimes(old, now / 1000, (now - 8 * DAY) / 1000);
  {
    await using _ = await takeDownloadPlace(layout, "4.2.3", SHA);
    await sweepDownloads(layout, now - 7 * DAY);
    expect(await Bun.file(old).exists()).toBe(true);
  }
  await sweepDownloads(layout, now - 7 * DAY);
  expect((await listUnfinishedDownloads(layout)).map(({ version }) => version)).toEqual(["4.5.0"]);
});
