import { expect, test } from "bun:test";
import { mkdir, readFile } from "node:fs/promises";
import { outputPath } from "#manager/storage/layout.ts";
import { createTempFile } from "#manager/storage/temp-file.ts";
import { failure, filesUnder, tempLayout } from "./support/temp-layout.ts";

test("a committed file has its final name, in folders made for it, and is gone from temp", async () => {
  await using store = await tempLayout();
  const path = outputPath(store.layout, 1, "frame_0001.exr");
  {
    await using temp = await createTempFile(store.layout);
    await temp.handle.write("pixels");
    expect(await filesUnder(store.layout.outputs)).toEqual([]);
    await temp.commitTo(path);
  }
  expect(await readFile(path, "utf8")).toBe("pixels");
  expect(await filesUnder(store.layout.root)).toEqual(["outputs/1/frame_0001.exr"]);
});

test("committing replaces what had the name", async () => {
  await using store = await tempLayout();
  for (const content of ["old", "new"]) {
    await using temp = await createTempFile(store.layout);
    await temp.handle.write(content);
    await temp.commitTo(outputPath(store.layout, 1, "a.exr"));
  }
  expect(await readFile(outputPath(store.layout, 1, "a.exr"), "utf8")).toBe("new");
});

test("a file that is not committed is gone at the end of its block, also after an error", async () => {
  await using store = await tempLayout();
  const work = async (): Promise<void> => {
    await using temp = await createTempFile(store.layout);
    await temp.handle.write("half");
    throw new Error("the work failed");
  };
  expect(await work().catch(String)).toBe("Error: the work failed");
  expect(await filesUnder(store.layout.root)).toEqual([]);
});

test("discarding twice, or after committing, does nothing", async () => {
  await using store = await tempLayout();
  const temp = await createTempFile(store.layout);
  await temp.commitTo(outputPath(store.layout, 1, "a.exr"));
  await temp.discard();
  await temp.discard();
  expect(await filesUnder(store.layout.outputs)).toEqual(["1/a.exr"]);
});

test("a commit that fails leaves nothing", async () => {
  await using store = await tempLayout();
  const path = outputPath(store.layout, 1, "taken.exr");
  await mkdir(`${path}/folder`, { recursive: true });
  const temp = await createTempFile(store.layout);
  expect(await failure(temp.commitTo(path))).toMatchObject({ code: "EISDIR" });
  expect(await filesUnder(store.layout.root)).toEqual([]);
});
