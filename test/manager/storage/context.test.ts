import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "#manager/storage/archive-guard.ts";
import type { Upload } from "#manager/storage/archive.ts";
import { buildContext } from "#manager/storage/context.ts";
import { unpackContext } from "#manager/storage/context-unpack.ts";
import { openFileSource } from "#manager/storage/file-source.ts";
import { contextPath } from "#manager/storage/layout.ts";
import { uploadOf } from "./support/projects.ts";
import { writeTar } from "./support/tar-writer.ts";
import { failure, filesUnder, type TempLayout, tempLayout, textOf } from "./support/temp-layout.ts";
import { writeZip } from "./support/zip-writer.ts";

const BLEND = "BLENDER-v304 and so on";

describe("a context", () => {
  test("holds the files of all uploads by path, of those at the same path the last one", async () => {
    await using store = await tempLayout();
    const zip = await uploadOf(
      store,
      writeZip([
        { name: "z/scene.blend", content: "old scene" },
        { name: "a.png", content: "old picture" },
      ]),
    );
    const tar = await uploadOf(store, gzipSync(await writeTar([{ name: "z/scene.blend", content: BLEND }])));
    const extra = await uploadOf(store, Buffer.from("new picture"), "a.png");
    expect(await build(store, [zip, tar, extra])).toEqual({ "a.png": "new picture", "z/scene.blend": BLEND });
  });

  test("is the same for the same files, however they came", async () => {
    await using store = await tempLayout();
    const files = [
      { name: "b/größe 木.png", content: "picture" },
      { name: "scene.blend", content: BLEND },
      { name: `${"long/".repeat(30)}name`, content: "" },
    ];
    const hashes = new Set<string>();
    for (const bytes of [
      writeZip(files),
      writeZip(files.toReversed()),
      await writeTar(files.map((file) => ({ ...file, mtime: new Date(), uid: 7 }))),
      gzipSync(await writeTar(files.toReversed())),
    ]) {
      await build(store, [await uploadOf(store, bytes)]);
      hashes.add(
        new Bun.CryptoHasher("sha256").update(await Bun.file(contextPath(store.layout, 1)).bytes()).digest("hex"),
      );
    }
    expect(hashes.size).toBe(1);
  });

  test("says where each content lies, and how large the tar is", async () => {
    await using store = await tempLayout();
    const upload = await uploadOf(
      store,
      writeZip([
        { name: "ü.txt", content: "content" },
        { name: "a", content: "x".repeat(3000) },
      ]),
    );
    await using context = await buildContext(store.layout, 1, [upload], DEFAULT_ARCHIVE_LIMITS);
    expect(context.size).toBe(Bun.file(context.path).size);
    const [a, umlaut] = context.files;
    expect([a!.path, umlaut!.path]).toEqual(["a", "ü.txt"]);
    await using source = await openFileSource(context.path, umlaut!);
    expect(await textOf(source.stream())).toBe("content");
  });

  test("is nowhere but in temp until it is committed, and replaces the one before", async () => {
    await using store = await tempLayout();
    {
      await using context = await buildContext(
        store.layout,
        1,
        [await uploadOf(store, Buffer.from(BLEND), "a.blend")],
        DEFAULT_ARCHIVE_LIMITS,
      );
      expect(await filesUnder(store.layout.jobs)).toEqual([]);
      expect(context.path.startsWith(store.layout.temp)).toBe(true);
    }
    expect(await filesUnder(store.layout.root)).toEqual([]);
    expect(await build(store, [await uploadOf(store, Buffer.from(BLEND), "a.blend")])).toEqual({ "a.blend": BLEND });
    expect(await build(store, [await uploadOf(store, Buffer.from(BLEND), "b.blend")])).toEqual({ "b.blend": BLEND });
  });

  test("is read by GNU tar", async () => {
    await using store = await tempLayout();
    await build(store, [await uploadOf(store, writeZip([{ name: "ä/ö ü.txt", content: "content" }]))]);
    expect(await Bun.$`tar -xOf ${contextPath(store.layout, 1)} ${"ä/ö ü.txt"}`.text()).toBe("content");
  });
});

describe("no context, and nothing left, comes of", () => {
  test.each<[string, Buffer[], Partial<ArchiveLimits>, string]>([
    [
      "a damaged archive",
      [writeZip([{ name: "a", content: "a".repeat(999), claims: { crc: 1 } }])],
      {},
      '"a" in the archive is damaged: its checksum does not match.',
    ],
    [
      "a path that is file and folder",
      [
        writeZip([
          { name: "a", content: "1" },
          { name: "a/b/c", content: "2" },
        ]),
      ],
      {},
      '"a" is both a file and a folder of the project.',
    ],
    [
      "paths of two uploads that do not go together",
      [writeZip([{ name: "a/b", content: "1" }]), writeZip([{ name: "a", content: "2" }])],
      {},
      '"a" is both a file and a folder of the project.',
    ],
    [
      "uploads that are too many together",
      [writeZip([{ name: "a" }]), writeZip([{ name: "b" }])],
      { maxEntries: 1 },
      "The project would have more than 1 files.",
    ],
    [
      "uploads that are too large together",
      [writeZip([{ name: "a", content: "aa" }]), writeZip([{ name: "b", content: "bb" }])],
      { maxBytes: 3 },
      "The project would have more than 3 bytes.",
    ],
  ])("%s", async (_, zips, limits, message) => {
    await using store = await tempLayout();
    const uploads = await Promise.all(zips.map((zip) => uploadOf(store, zip)));
    const work = buildContext(store.layout, 1, uploads, { ...DEFAULT_ARCHIVE_LIMITS, ...limits });
    expect(await failure(work)).toEqual({ code: "bad_archive", message });
    expect(await filesUnder(store.layout.root)).toEqual([]);
  });
});

describe("unpacking a context", () => {
  test("gives the files in their folders", async () => {
    await using store = await tempLayout();
    const files = [
      { name: "a b/ü.txt", content: "1" },
      { name: "c", content: "2".repeat(600_000) },
    ];
    await build(store, [await uploadOf(store, writeZip(files))]);
    const folder = `${store.folder}/unpacked`;
    await unpackContext(contextPath(store.layout, 1), folder, DEFAULT_ARCHIVE_LIMITS);
    expect(await filesUnder(folder)).toEqual(["a b/ü.txt", "c"]);
    expect(await Bun.file(`${folder}/c`).text()).toBe("2".repeat(600_000));
  });

  test("refuses what leads out of the folder, and leaves nothing", async () => {
    await using store = await tempLayout();
    const folder = `${store.folder}/unpacked`;
    for (const entry of [
      { name: "../evil", content: "x" },
      { name: "link", type: "symlink" as const, linkname: ".." },
    ]) {
      await Bun.write(`${store.folder}/evil.tar`, await writeTar([{ name: "good", content: "good" }, entry]));
      expect(await failure(unpackContext(`${store.folder}/evil.tar`, folder, DEFAULT_ARCHIVE_LIMITS))).toMatchObject({
        code: "bad_archive",
      });
      expect((await filesUnder(store.folder)).filter((path) => !path.startsWith("storage"))).toEqual(["evil.tar"]);
    }
  });

  test("never writes into a folder that is there", async () => {
    await using store = await tempLayout();
    await build(store, [await uploadOf(store, Buffer.from(BLEND), "a.blend")]);
    await Bun.write(`${store.folder}/there/file`, "mine");
    const work = unpackContext(contextPath(store.layout, 1), `${store.folder}/there`, DEFAULT_ARCHIVE_LIMITS);
    expect(await failure(work)).toMatchObject({ code: "EEXIST" });
    expect(await filesUnder(`${store.folder}/there`)).toEqual(["file"]);
  });
});

/** Builds and commits job 1's context; returns what is in it. */
async function build(store: TempLayout, uploads: Upload[]): Promise<Record<string, string>> {
  await using context = await buildContext(store.layout, 1, uploads, DEFAULT_ARCHIVE_LIMITS);
  await context.commit();
  const contents: Record<string, string> = {};
  for (const file of context.files) {
    await using source = await openFileSource(contextPath(store.layout, 1), file);
    contents[file.path] = await textOf(source.stream());
  }
  return contents;
}
