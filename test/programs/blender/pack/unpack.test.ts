import { describe, expect, test } from "bun:test";
import { mkdir, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { BadBlenderArchive } from "#programs/blender/pack/entry.ts";
import { unpackBlender } from "#programs/blender/pack/unpack.ts";
import { tarOf } from "../../../runner/support/fixtures.ts";
import { tempFolder } from "../../../runner/support/temp-folder.ts";

/** Unpacks into the folder `tree` beside the archive. */
async function unpack(folder: string, archive: Uint8Array): Promise<{ bytes: number; tree: string }> {
  const tree = join(folder, "tree");
  await mkdir(tree);
  await Bun.write(join(folder, "archive"), archive);
  return { bytes: await unpackBlender(join(folder, "archive"), tree, () => {}), tree };
}

const PROGRAM = { name: "b/blender", mode: 0o4755, content: "program" };

const COMPRESSED: [string, (tar: Buffer) => Uint8Array][] = [
  ["a plain tar", (tar) => tar],
  ["gzip", (tar) => Bun.gzipSync(new Uint8Array(tar))],
  ["zstd", (tar) => zstdCompressSync(tar)],
];
test.each(COMPRESSED)(
  "a Blender comes out of %s with its files, the right to be run, and links inside",
  async (_, as) => {
    await using folder = await tempFolder();
    const tar = await tarOf(
      { name: "b/lib/libx.so", type: "symlink", linkname: "../real/libx.so.1" },
      { name: "b/again", type: "link", linkname: "b/blender" },
      PROGRAM,
      { name: "b/real/libx.so.1", mode: 0o644, content: "library" },
    );
    const { bytes, tree } = await unpack(folder.path, as(tar));
    expect(bytes).toBe("program".length + "library".length);
    expect((await stat(join(tree, "b/blender"))).mode & 0o7777).toBe(0o755);
    expect((await stat(join(tree, "b/real/libx.so.1"))).mode & 0o7777).toBe(0o644);
    expect(await readlink(join(tree, "b/lib/libx.so"))).toBe("../real/libx.so.1");
    expect(await readFile(join(tree, "b/lib/libx.so"), "utf8")).toBe("library");
    expect(await readFile(join(tree, "b/again"), "utf8")).toBe("program");
  },
);

const BAD: [string, Parameters<typeof tarOf>][] = [
  ["a path that climbs out", [{ name: "../evil", content: "x" }]],
  ["a path that climbs out later", [{ name: "b/c/../../../evil", content: "x" }]],
  ["an absolute path", [{ name: "/tmp/jiggablend-evil", content: "x" }]],
  ["a link that leads outside", [{ name: "b/link", type: "symlink", linkname: "../../evil" }]],
  ["a link to the folder above", [{ name: "b/link", type: "symlink", linkname: "../.." }]],
  ["an absolute link", [{ name: "b/link", type: "symlink", linkname: "/etc/passwd" }]],
  ["a link to nowhere", [{ name: "b/link", type: "symlink", linkname: "" }]],
  ["a hard link that leads outside", [{ name: "b/link", type: "link", linkname: "../archive" }]],
  ["a hard link to an absolute path", [{ name: "b/link", type: "link", linkname: "/etc/passwd" }]],
  ["a hard link to a folder", [PROGRAM, { name: "link", type: "link", linkname: "b" }]],
  [
    "a file that would be written through a link",
    [
      { name: "b/link", type: "symlink", linkname: "lib" },
      { name: "b/link/evil", content: "x" },
    ],
  ],
  [
    "a hard link to a link",
    [
      { name: "b/one", type: "symlink", linkname: "blender" },
      { name: "b/two", type: "link", linkname: "b/one" },
      PROGRAM,
    ],
  ],
  ["a file that comes twice", [PROGRAM, PROGRAM]],
  ["a device", [{ name: "b/null", type: "character-device", devmajor: 1, devminor: 3 }]],
  ["a pipe", [{ name: "b/pipe", type: "fifo" }]],
];

describe("an archive is refused, and nothing is written outside, for", () => {
  test.each(BAD)("%s", async (_, items) => {
    await using folder = await tempFolder();
    const error = await unpack(folder.path, await tarOf(...items)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(BadBlenderArchive);
    expect((await readdir(folder.path)).sort()).toEqual(["archive", "tree"]);
    expect(await Bun.file("/tmp/jiggablend-evil").exists()).toBe(false);
  });

  test("a cut in a file or between two, damage, or what is no archive at all", async () => {
    const tar = await tarOf(PROGRAM, { name: "b/data", content: "x".repeat(5000) });
    const damaged = Buffer.from(Bun.gzipSync(new Uint8Array(tar))).fill(0xff, 12, 40);
    const cut = [tar.subarray(0, 3000), tar.subarray(0, 1024)];
    const cutPacked = [Bun.gzipSync(new Uint8Array(tar)).subarray(0, 60), zstdCompressSync(tar).subarray(0, 60)];
    for (const bytes of [...cut, ...cutPacked, damaged, Buffer.alloc(4096, "no tar "), new Uint8Array()]) {
      await using folder = await tempFolder();
      const error = await unpack(folder.path, bytes).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(BadBlenderArchive);
    }
  });
});
