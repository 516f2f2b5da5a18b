import { expect, test } from "bun:test";
import { attemptLogPath, contextPath, outputPath, previewPath, uploadPath } from "#manager/storage/layout.ts";
import { deleteJobFiles, deleteUpload, diskSpace, jobBytes } from "#manager/storage/outputs.ts";
import { filesUnder, tempLayout } from "./support/temp-layout.ts";

test("deleting a job's files takes everything of that job, and nothing of others", async () => {
  await using store = await tempLayout();
  const { layout } = store;
  for (const job of [1, 11])
    for (const path of [
      contextPath(layout, job),
      attemptLogPath(layout, job, 5, 1),
      outputPath(layout, job, "frame_0001.exr"),
      previewPath(layout, job, 9, "jpg"),
      uploadPath(layout, job * 100),
    ])
      await Bun.write(path, "12345");
  expect(await jobBytes(layout, 1)).toBe(20);
  await deleteJobFiles(layout, 1, [100]);
  expect(await filesUnder(layout.root)).toEqual([
    "jobs/11/context.tar",
    "jobs/11/logs/5-1.log",
    "outputs/11/frame_0001.exr",
    "outputs/11/previews/9.jpg",
    "uploads/1100",
  ]);
  expect(await jobBytes(layout, 1)).toBe(0);
});

test("deleting what is not there is no error", async () => {
  await using store = await tempLayout();
  await deleteJobFiles(store.layout, 1, [1, 2]);
  await deleteUpload(store.layout, 3);
});

test("the space on the disk is known", async () => {
  await using store = await tempLayout();
  const { free, total } = await diskSpace(store.layout);
  expect(total).toBeGreaterThan(free);
  expect(free).toBeGreaterThan(0);
});
