import { describe, expect, test } from "bun:test";
import { readdir, readlink } from "node:fs/promises";
import { outputPath } from "#manager/storage/layout.ts";
import { type ArchivedOutput, outputArchiveResponse } from "#manager/storage/output-archive.ts";
import { readAll, uploadOf } from "./support/projects.ts";
import { type TempLayout, tempLayout } from "./support/temp-layout.ts";

describe("the archive of a job's outputs", () => {
  test("is a zip of all of them", async () => {
    await using store = await tempLayout();
    const outputs = await write(store, {
      "frame_0001.exr": "one",
      "frame_0002.exr": "x".repeat(700_000),
      "video_h264.mp4": "",
    });
    const response = outputArchiveResponse(store.layout, 1, { name: "Zoë-1.zip", outputs });
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''Zo%C3%AB-1.zip");
    const zip = await uploadOf(store, await response.bytes());
    expect(await readAll(zip)).toEqual({
      "frame_0001.exr": "one",
      "frame_0002.exr": "x".repeat(700_000),
      "video_h264.mp4": "",
    });
  });

  test("breaks off when a file is gone or has another size", async () => {
    await using store = await tempLayout();
    const [frame] = await write(store, { "frame_0001.exr": "one" });
    for (const wrong of [
      { ...frame!, name: "gone.exr" },
      { ...frame!, size: 2 },
    ]) {
      const response = outputArchiveResponse(store.layout, 1, { name: "a.zip", outputs: [frame!, wrong] });
      expect(await response.bytes().catch((error: unknown) => error)).toBeInstanceOf(Error);
    }
  });

  test("leaves no file open when the receiver leaves in the middle", async () => {
    await using store = await tempLayout();
    const outputs = await write(store, { "frame_0001.exr": "x".repeat(20_000_000), "frame_0002.exr": "y" });
    const reader = outputArchiveResponse(store.layout, 1, { name: "a.zip", outputs }).body!.getReader();
    for (let i = 0; i < 3; i++) await reader.read();
    expect(await openFiles(store.layout.outputs)).not.toEqual([]);
    await reader.cancel().catch(() => {}); // Bun rejects it with the reason
    expect(await openFiles(store.layout.outputs)).toEqual([]);
  });

  test("never reads what is not the name of an output", async () => {
    await using store = await tempLayout();
    const outputs = [{ name: "../../uploads/1", size: 1, createdAtMs: 0 }];
    const read = outputArchiveResponse(store.layout, 1, { name: "a.zip", outputs }).bytes();
    expect(await read.catch((error: unknown) => error)).toBeInstanceOf(TypeError);
  });
});

async function write(store: TempLayout, files: Record<string, string>): Promise<ArchivedOutput[]> {
  for (const [name, content] of Object.entries(files)) await Bun.write(outputPath(store.layout, 1, name), content);
  return Object.entries(files).map(([name, content]) => ({
    name,
    size: content.length,
    createdAtMs: Date.UTC(2026, 0, 31),
  }));
}

async function openFiles(folder: string): Promise<string[]> {
  const links = await readdir("/proc/self/fd");
  const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(folder));
}
