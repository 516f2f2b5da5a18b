import { describe, expect, test } from "bun:test";
import { damagedCopies, list, readAll, readError, uploadOf } from "./support/projects.ts";
import { failure, tempLayout } from "./support/temp-layout.ts";
import { type ZipSpec, writeZip } from "./support/zip-writer.ts";

const SYMLINK = 0o120777;
const FOLDER = 0o040755;

describe("a zip of a project", () => {
  test("gives its files, deflated and stored, without folders and macOS's own files", async () => {
    await using store = await tempLayout();
    const zip = writeZip([
      { name: "house/", mode: FOLDER },
      { name: "house/scene.blend", content: "BLENDER".repeat(1000) },
      { name: "house/textures/wood 1.png", content: "stored", stored: true },
      { name: "house/empty.txt", content: "" },
      { name: "__MACOSX/house/._scene.blend", content: "junk" },
      { name: "house/.DS_Store", content: "junk" },
    ]);
    expect(await readAll(await uploadOf(store, zip))).toEqual({
      "house/scene.blend": "BLENDER".repeat(1000),
      "house/textures/wood 1.png": "stored",
      "house/empty.txt": "",
    });
  });

  test("may be zip64", async () => {
    await using store = await tempLayout();
    const zip = writeZip(
      [
        { name: "a.blend", content: "deflated", zip64: true },
        { name: "b", content: "b" },
      ],
      { zip64: true },
    );
    expect(await readAll(await uploadOf(store, zip))).toEqual({ "a.blend": "deflated", b: "b" });
  });

  test("may have names in UTF-8, said or not, and in CP437", async () => {
    await using store = await tempLayout();
    const zip = writeZip([
      { name: "größe.png", content: "1" },
      { name: "木/файл.png", content: "2", flags: 0 },
      { name: Buffer.from([0x67, 0x72, 0x94, 0xe1, 0x65]), content: "3", flags: 0 },
    ]);
    expect(Object.keys(await readAll(await uploadOf(store, zip)))).toEqual(["größe.png", "木/файл.png", "größe"]);
  });

  test("may have backslashes in its names, as old Windows programs write", async () => {
    await using store = await tempLayout();
    const zip = writeZip([{ name: "textures\\wood.png", content: "1" }]);
    expect(await list(await uploadOf(store, zip))).toEqual([{ path: "textures/wood.png", size: 1 }]);
  });

  test("is listed without its contents being read", async () => {
    await using store = await tempLayout();
    const zip = writeZip([{ name: "a.blend", content: "content", claims: { crc: 1 } }]);
    const upload = await uploadOf(store, zip);
    expect(await list(upload)).toEqual([{ path: "a.blend", size: 7 }]);
    expect(await failure(readAll(upload))).toMatchObject({ code: "bad_archive" });
  });
});

describe("a zip is refused", () => {
  const scene: ZipSpec = { name: "scene.blend", content: "BLENDER" };
  test.each<[string, ZipSpec[], string]>([
    [
      "with ..",
      [scene, { name: "../evil", content: "x" }],
      '"../evil" in the archive leads out of its folder with ...',
    ],
    [
      "with an absolute path",
      [scene, { name: "/etc/cron.d/x" }],
      '"/etc/cron.d/x" in the archive has an absolute path.',
    ],
    ["with a drive letter", [{ name: "C:\\evil" }], '"C:/evil" in the archive has an absolute path.'],
    [
      "with a symbolic link",
      [{ name: "link", content: "/etc/passwd", mode: SYMLINK, stored: true }],
      '"link" in the archive is a link or a device; only files and folders are taken.',
    ],
    [
      "with a path that is there twice",
      [scene, { name: "./scene.blend" }],
      '"./scene.blend" in the archive is there twice.',
    ],
    [
      "when it is encrypted",
      [{ ...scene, flags: 1 }],
      '"scene.blend" in the archive is encrypted; make the zip without a password.',
    ],
    [
      "when it is compressed with Deflate64",
      [{ ...scene, method: 9 }],
      '"scene.blend" in the archive is compressed with Deflate64, as Windows does above 2 GB; make the zip with another program.',
    ],
    [
      "when it is compressed with LZMA",
      [{ ...scene, method: 14 }],
      '"scene.blend" in the archive is compressed by another method than Deflate; make the zip with the usual one.',
    ],
    ["when it holds no files", [{ name: "a/", mode: FOLDER }], "The archive holds no files."],
  ])("%s", async (_, entries, message) => {
    await using store = await tempLayout();
    expect(await failure(list(await uploadOf(store, writeZip(entries))))).toEqual({ code: "bad_archive", message });
  });

  test("when a file has more bytes than it says, fewer, or others", async () => {
    await using store = await tempLayout();
    for (const [claims, fault] of [
      [{ size: 5 }, "has another size than it says"],
      [{ size: 9 }, "has another size than it says"],
      [{ crc: 12345 }, "is damaged: its checksum does not match"],
    ] as const) {
      const zip = writeZip([{ name: "scene.blend", content: "BLENDER", claims }]);
      const { code, message } = await failure(readAll(await uploadOf(store, zip)));
      expect({ code, message }).toEqual({ code: "bad_archive", message: `"scene.blend" in the archive ${fault}.` });
    }
  });

  test("wherever it is cut off", async () => {
    await using store = await tempLayout();
    const zip = writeZip([
      { name: "a.blend", content: "BLENDER" },
      { name: "b.png", content: "pixels", stored: true },
    ]);
    for (let length = 4; length < zip.byteLength; length += 3) {
      const { code } = await failure(readAll(await uploadOf(store, zip.subarray(0, length))));
      expect({ length, code }).toEqual({ length, code: "bad_archive" });
    }
  });

  test("when its directory holds more files than it says, which would be lost", async () => {
    await using store = await tempLayout();
    const entries = [
      { name: "a", content: "a" },
      { name: "b", content: "b" },
    ];
    const { message } = await failure(list(await uploadOf(store, writeZip(entries, { entries: 1 }))));
    expect(message).toContain("the directory holds more files than it says");
  });

  test("when its offsets are beyond all numbers, without ending the process", async () => {
    await using store = await tempLayout();
    for (const directoryOffset of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      const zip = writeZip([{ name: "a", content: "a" }], { zip64: true, directoryOffset });
      expect(await failure(list(await uploadOf(store, zip)))).toMatchObject({ code: "bad_archive" });
    }
    for (const offset of [2 ** 53 + 2, 1.8e19, 1e6]) {
      const zip = writeZip([{ name: "a", content: "a", zip64: true, claims: { offset } }]);
      expect(await failure(readAll(await uploadOf(store, zip)))).toMatchObject({ code: "bad_archive" });
    }
  });

  test("when it has too many entries, before any is read", async () => {
    await using store = await tempLayout();
    const zip = writeZip(
      Array.from({ length: 100_000 }, (_, i) => ({ name: `f${i}`, stored: true })),
      { zip64: true },
    );
    const upload = await uploadOf(store, zip);
    const start = performance.now();
    expect(await failure(list(upload))).toEqual({
      code: "bad_archive",
      message: "The archive holds more than 50000 entries, the most that a project may have.",
    });
    expect(performance.now() - start).toBeLessThan(500);
    expect(await list(upload, { maxEntries: 100_000 })).toHaveLength(100_000);
  }, 20_000);

  test("when it is a bomb, by what it says of itself", async () => {
    await using store = await tempLayout();
    const hundredGb = [{ name: "bomb", content: "0", zip64: true, claims: { size: 100e9 } }];
    expect((await failure(list(await uploadOf(store, writeZip(hundredGb))))).message).toContain(
      "more than the 53.7 GB",
    );
    const twentyGb = [{ name: "bomb", content: "0", zip64: true, claims: { size: 20e9 } }];
    expect((await failure(list(await uploadOf(store, writeZip(twentyGb))))).message).toContain(
      "more than 250 times its size",
    );
  });

  test("when a file inflates to more than it says, before all of it is inflated", async () => {
    await using store = await tempLayout();
    const zip = writeZip([{ name: "small", content: "0".repeat(5_000_000), claims: { size: 10 } }]);
    expect((await failure(readAll(await uploadOf(store, zip)))).message).toContain("has another size than it says");
  });
});

test("random damage to a zip gives bad_archive, or a project, and nothing else", async () => {
  await using store = await tempLayout();
  const entries = [
    { name: "a.blend", content: "BLENDER".repeat(9), zip64: true },
    { name: "ü/b", content: "b" },
  ];
  for (const bytes of damagedCopies(writeZip(entries, { zip64: true }), 600)) {
    const error = await readError(await uploadOf(store, bytes));
    if (error !== null) expect(error).toMatchObject({ name: "AppError", code: "bad_archive" });
  }
}, 20_000);
