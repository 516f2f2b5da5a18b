import { describe, expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { tarHeader } from "#manager/storage/tar-header.ts";
import { damagedCopies, list, readAll, readError, uploadOf } from "./support/projects.ts";
import { writeTar, type TarSpec } from "./support/tar-writer.ts";
import { failure, tempLayout } from "./support/temp-layout.ts";

const PROJECT: TarSpec[] = [
  { name: "./", type: "directory" },
  { name: "./scene.blend", content: "BLENDER".repeat(2000) },
  { name: "./textures/", type: "directory" },
  { name: "./textures/größe 木.png", content: "pixels" },
  { name: `./${"deep/".repeat(30)}${"x".repeat(200)}.png`, content: "" },
  { name: "./.DS_Store", content: "junk" },
];

describe("a tar of a project", () => {
  test.each([
    ["plain", (tar: Buffer) => tar],
    ["with gzip", (tar: Buffer) => gzipSync(tar)],
    [
      "with gzip in several members",
      (tar: Buffer) => Buffer.concat([gzipSync(tar.subarray(0, 999)), gzipSync(tar.subarray(999))]),
    ],
    ["with zstd", (tar: Buffer) => zstdCompressSync(tar)],
  ])("gives its files, %s", async (_, compress) => {
    await using store = await tempLayout();
    const upload = await uploadOf(store, compress(await writeTar(PROJECT)));
    const expected = {
      "scene.blend": "BLENDER".repeat(2000),
      "textures/größe 木.png": "pixels",
      [`${"deep/".repeat(30)}${"x".repeat(200)}.png`]: "",
    };
    expect(await readAll(upload)).toEqual(expected);
    const sizes = Object.entries(expected).map(([path, text]) => ({ path, size: text.length }));
    expect(await list(upload)).toEqual(sizes);
  });

  test("may be made by GNU tar, in each of its formats", async () => {
    await using store = await tempLayout();
    const long = `${"n".repeat(90)}/${"m".repeat(90)}.txt`;
    await Bun.write(`${store.folder}/in/${long}`, "long");
    await Bun.write(`${store.folder}/in/ü.txt`, "short");
    for (const format of ["gnu", "pax", "ustar"]) {
      const tar = `${store.folder}/${format}.tar.gz`;
      await Bun.$`tar -C ${store.folder}/in --format=${format} -czf ${tar} .`.quiet();
      expect(await readAll({ path: tar, name: "x" })).toEqual({ [long]: "long", "ü.txt": "short" });
    }
  });

  test("may begin with a global header, as those of git archive do", async () => {
    await using store = await tempLayout();
    const tar = await writeTar([{ name: "a.blend", content: "a" }]);
    const upload = await uploadOf(
      store,
      Buffer.concat([globalHeader("52 comment=0123456789012345678901234567890123456789\n"), tar]),
    );
    expect(await readAll(upload)).toEqual({ "a.blend": "a" });
  });
});

describe("a tar is refused", () => {
  test.each<[string, TarSpec, string]>([
    ["with ..", { name: "../../evil", content: "x" }, '"../../evil" in the archive leads out of its folder with ...'],
    ["with an absolute path", { name: "/etc/evil", content: "x" }, '"/etc/evil" in the archive has an absolute path.'],
    [
      "with a symbolic link",
      { name: "link", type: "symlink", linkname: "/etc" },
      '"link" in the archive is a link or a device; only files and folders are taken.',
    ],
    [
      "with a link that stays inside",
      { name: "link", type: "symlink", linkname: "a" },
      '"link" in the archive is a link or a device; only files and folders are taken.',
    ],
    [
      "with a hard link",
      { name: "hard", type: "link", linkname: "a" },
      '"hard" in the archive is a link or a device; only files and folders are taken.',
    ],
    [
      "with a device",
      { name: "sda", type: "block-device", devmajor: 8 },
      '"sda" in the archive is a link or a device; only files and folders are taken.',
    ],
    [
      "with a pipe",
      { name: "pipe", type: "fifo" },
      '"pipe" in the archive is a link or a device; only files and folders are taken.',
    ],
    ["with a path that is there twice", { name: "a", content: "again" }, '"a" in the archive is there twice.'],
    [
      "with a sparse file",
      { name: "s", content: "x", pax: { "GNU.sparse.major": "1" } },
      '"s" in the archive is a link or a device; only files and folders are taken.',
    ],
  ])("%s", async (_, entry, message) => {
    await using store = await tempLayout();
    const upload = await uploadOf(store, await writeTar([{ name: "a", content: "a" }, entry]));
    expect(await failure(list(upload))).toEqual({ code: "bad_archive", message });
  });

  test("wherever it is cut off", async () => {
    await using store = await tempLayout();
    const tar = await writeTar([
      { name: "a.blend", content: "BLENDER".repeat(100) },
      { name: "b", content: "b".repeat(600) },
    ]);
    for (let length = 512; length <= tar.byteLength - 1024; length += 128) {
      const { code } = await failure(readAll(await uploadOf(store, tar.subarray(0, length))));
      expect({ length, code }).toEqual({ length, code: "bad_archive" });
    }
  });

  test("wherever its compression is cut off", async () => {
    await using store = await tempLayout();
    const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 7919) >> 3));
    const gz = gzipSync(await writeTar([{ name: "a.blend", content: noise }]));
    for (let length = 1500; length < gz.byteLength; length += 100) {
      const { code } = await failure(readAll(await uploadOf(store, gz.subarray(0, length))));
      expect({ length, code }).toEqual({ length, code: "bad_archive" });
    }
  });

  test("when it is too large, has too many entries, or is a bomb", async () => {
    await using store = await tempLayout();
    const tar = await writeTar([
      { name: "a", content: "a".repeat(700) },
      { name: "b", content: "b".repeat(700) },
    ]);
    const upload = await uploadOf(store, gzipSync(tar));
    expect(await failure(list(upload, { maxBytes: 1000 }))).toEqual({
      code: "bad_archive",
      message: "The archive unpacks to more than the 1 kB that a project may have.",
    });
    expect((await failure(list(upload, { maxEntries: 1 }))).message).toContain("more than 1 entries");
    expect(await list(upload, { maxBytes: 1400, maxEntries: 2 })).toHaveLength(2);
  });

  test("when it unpacks to endless zeros behind its end mark, in seconds and in constant memory", async () => {
    await using store = await tempLayout();
    const zeros = gzipSync(Buffer.alloc(32 * 2 ** 20));
    const bomb = Buffer.concat([
      gzipSync(await writeTar([{ name: "a", content: "a" }])),
      ...Array<Buffer>(100).fill(zeros),
    ]);
    const upload = await uploadOf(store, bomb);
    const before = process.memoryUsage().rss;
    expect((await failure(list(upload))).message).toBe(
      "The archive unpacks to more than 250 times its size, which no project does.",
    );
    // Of three gigabytes; what the collector has not taken back yet differs by what ran before.
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  }, 20_000);

  test("when a size in it is no number", async () => {
    await using store = await tempLayout();
    for (const size of ["-1", "x", "99999999999999999999"]) {
      const upload = await uploadOf(store, await writeTar([{ name: "a", content: "a", pax: { size } }]));
      expect(await failure(list(upload))).toMatchObject({ code: "bad_archive" });
    }
  });
});

test("random damage to a tar gives bad_archive, or a project, and nothing else", async () => {
  await using store = await tempLayout();
  const tar = await writeTar(PROJECT);
  for (const archive of [tar, gzipSync(tar), zstdCompressSync(tar)])
    for (const bytes of damagedCopies(archive, 200)) {
      const error = await readError(await uploadOf(store, bytes));
      if (error !== null) expect(error).toMatchObject({ name: "AppError", code: "bad_archive" });
    }
}, 20_000);

/** A pax header for the whole tar: the header of a file, with another type and checksum. */
function globalHeader(records: string): Buffer {
  const header = Buffer.from(tarHeader("pax_global_header", records.length));
  header.write("g", 156);
  header.write(" ".repeat(8), 148);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  return Buffer.concat([header, Buffer.from(records), Buffer.alloc(512 - records.length)]);
}
