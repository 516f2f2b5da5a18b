import { expect, test } from "bun:test";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { BadArchive, startUnpacking } from "#runner/unpack-tar.ts";
import { tarOf } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** Unpacks in pieces that end nowhere in particular. */
async function unpack(folder: string, tar: Uint8Array) {
  const unpacker = startUnpacking(folder);
  try {
    for (let at = 0; at < tar.length; at += 700) await unpacker.write(tar.subarray(at, at + 700));
    return await unpacker.end();
  } finally {
    await unpacker.abort();
  }
}

test("files come out in their folders, with their names in any language", async () => {
  await using folder = await tempFolder();
  const tar = await tarOf(
    { name: "szene 1.blend", content: "BLENDER" },
    { name: "Texturen/Größe/木.png", content: "pixels" },
    { name: "empty/", type: "directory" },
  );
  const files = await unpack(folder.path, tar);
  expect(files.map(({ path, size }) => ({ path, size }))).toEqual([
    { path: "szene 1.blend", size: 7 },
    { path: "Texturen/Größe/木.png", size: 6 },
  ]);
  expect(await readFile(join(folder.path, "Texturen/Größe/木.png"), "utf8")).toBe("pixels");
  expect(await readdir(join(folder.path, "empty"))).toEqual([]);
});

test("names longer than a tar header has room for come out whole", async () => {
  await using folder = await tempFolder();
  const name = `${"deep/".repeat(60)}file.png`;
  const files = await unpack(folder.path, await tarOf({ name, content: "x" }));
  expect(files[0]?.path).toBe(name);
});

test("files are read-only", async () => {
  await using folder = await tempFolder();
  await unpack(folder.path, await tarOf({ name: "a.blend", content: "x", mode: 0o777 }));
  expect((await stat(join(folder.path, "a.blend"))).mode & 0o777).toBe(0o444);
});

const BAD: [string, Parameters<typeof tarOf>][] = [
  ["a path that climbs out", [{ name: "../evil", content: "x" }]],
  ["a path that climbs out later", [{ name: "a/b/../../../evil", content: "x" }]],
  ["an absolute path", [{ name: "/etc/evil", content: "x" }]],
  ["a name that is the folder itself", [{ name: "./", content: "" }]],
  ["a symbolic link", [{ name: "link", type: "symlink", linkname: "/etc" }]],
  ["a hard link", [{ name: "link", type: "link", linkname: "a" }]],
  ["a device", [{ name: "null", type: "character-device", devmajor: 1, devminor: 3 }]],
  ["a pipe", [{ name: "pipe", type: "fifo" }]],
];
test.each(BAD)("%s is refused", async (_, items) => {
  await using folder = await tempFolder();
  const error = await unpack(folder.path, await tarOf(...items)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(BadArchive);
  expect(await readdir(folder.path)).toEqual([]);
});

const TWICE: [string, Parameters<typeof tarOf>][] = [
  [
    "a file that comes twice",
    [
      { name: "a", content: "1" },
      { name: "a", content: "2" },
    ],
  ],
  [
    "a file that is a folder later",
    [
      { name: "a", content: "1" },
      { name: "a/b", content: "2" },
    ],
  ],
  [
    "a folder that is a file later",
    [
      { name: "a/b", content: "1" },
      { name: "a", content: "2" },
    ],
  ],
];
test.each(TWICE)("%s is refused", async (_, items) => {
  await using folder = await tempFolder();
  const error = await unpack(folder.path, await tarOf(...items)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(BadArchive);
});

test("an error of the disk is told as it is", async () => {
  const error = await unpack("/proc/nowhere", await tarOf({ name: "a", content: "1" })).catch(
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ code: "ENOENT", syscall: expect.any(String) });
});

test("an archive that breaks off is damaged", async () => {
  await using folder = await tempFolder();
  const tar = await tarOf({ name: "a", content: "x".repeat(5000) });
  const error = await unpack(folder.path, tar.subarray(0, 3000)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(BadArchive);
});

test("what is no tar at all is damaged", async () => {
  await using folder = await tempFolder();
  const noise = Buffer.alloc(4096, "not a tar ");
  expect(await unpack(folder.path, noise).catch((error: unknown) => error)).toBeInstanceOf(BadArchive);
});

test("writing on after a failure tells that failure, and does not wait for ever", async () => {
  await using folder = await tempFolder();
  const tar = await tarOf({ name: "../evil", content: "x" }, { name: "b", content: "x".repeat(500_000) });
  expect(await unpack(folder.path, tar).catch((error: unknown) => error)).toBeInstanceOf(BadArchive);
});
