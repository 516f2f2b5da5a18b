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
});

const NO_ARCHIVE = "This is no archive of a Blender: it is no .tar.xz, .tar.gz, .tar.zst or .tar.";
const CUT_OFF = "The archive is cut off before its end; get it anew.";
const DAMAGED = "The archive is damaged; get it anew.";

const xz = (bytes: Buffer): Uint8Array => Bun.spawnSync(["xz", "-c"], { stdin: bytes }).stdout;
const noise = (bytes: number): string =>
  Array.from({ length: bytes }, (_, i) => String.fromCharCode(33 + ((i * i * 7919 + i) % 90))).join("");

/** Something as large as needs several pieces, so that damage lies in its middle. */
const LARGE = () =>
  tarOf({ name: "b/data", content: noise(200_000) }, PROGRAM, { name: "b/more", content: noise(90_000) });
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
const scratched = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 0xff : byte));

const DAMAGE: [what: string, make: (tar: Buffer) => Uint8Array, told: string][] = [
  ["nothing", () => new Uint8Array(), NO_ARCHIVE],
  ["a few words", () => Buffer.from("no archive"), NO_ARCHIVE],
  ["a text", () => Buffer.alloc(4096, "no tar "), NO_ARCHIVE],
  ["a text that is packed", () => Bun.gzipSync(new Uint8Array(4096).fill(65)), NO_ARCHIVE],
  ["a tar that is cut in a file", half, CUT_OFF],
  ["a tar that is cut between two files", (tar) => tar.subarray(0, tar.length - 1024), CUT_OFF],
  ["a .tar.gz that is cut", (tar) => half(Bun.gzipSync(new Uint8Array(tar))), CUT_OFF],
  ["a .tar.zst that is cut", (tar) => half(zstdCompressSync(tar)), CUT_OFF],
  ["a .tar.xz that is cut", (tar) => half(xz(tar)), CUT_OFF],
  ["a .tar.xz that is cut at its start", (tar) => xz(tar).subarray(0, 20), CUT_OFF],
  ["a .tar.xz without its last bytes", (tar) => xz(tar).subarray(0, -4), CUT_OFF],
  ["a .tar.gz that is damaged in its middle", (tar) => scratched(Bun.gzipSync(new Uint8Array(tar))), DAMAGED],
  ["a .tar.xz that is damaged in its middle", (tar) => scratched(xz(tar)), DAMAGED],
  ["a tar whose second header is damaged", (tar) => Buffer.from(tar).fill(0x20, 200_704, 200_704 + 400), DAMAGED],
];

test.each(DAMAGE)("of %s it is told what it is, in one sentence", async (_, make, told) => {
  await using folder = await tempFolder();
  const error = await unpack(folder.path, make(await LARGE())).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BadBlenderArchive);
  expect((error as Error).message).toBe(told);
});
