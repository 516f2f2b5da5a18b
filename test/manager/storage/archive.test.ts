import { expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { DEFAULT_ARCHIVE_LIMITS } from "#manager/storage/archive-guard.ts";
import { detectUploadKind } from "#manager/storage/archive-kind.ts";
import { readProject } from "#manager/storage/archive.ts";
import { openFileSource } from "#manager/storage/file-source.ts";
import { list, readAll, uploadOf } from "./support/projects.ts";
import { writeTar } from "./support/tar-writer.ts";
import { tempLayout } from "./support/temp-layout.ts";
import { writeZip } from "./support/zip-writer.ts";

const BLEND = Buffer.from(`BLENDER-v304${"x".repeat(1000)}`);

test("a .blend is a project of one file, plain or compressed", async () => {
  await using store = await tempLayout();
  for (const bytes of [BLEND, gzipSync(BLEND), zstdCompressSync(BLEND)])
    expect(await list(await uploadOf(store, bytes, "Zoë's scene.blend"))).toEqual([
      { path: "Zoë's scene.blend", size: bytes.byteLength },
    ]);
});

test("an archive is recognized by its content and not by its name", async () => {
  await using store = await tempLayout();
  const tar = await writeTar([{ name: "a.blend", content: "a" }]);
  for (const bytes of [tar, gzipSync(tar), writeZip([{ name: "a.blend", content: "a" }])])
    expect(await readAll(await uploadOf(store, bytes, "scene.blend"))).toEqual({ "a.blend": "a" });
});

test.each([
  ["C:\\Users\\me\\scene.blend", "scene.blend"],
  ["../../etc/passwd", "passwd.blend"],
  ["scene.zip", "scene.zip.blend"],
  ["Scene.BLEND", "Scene.BLEND"],
  ["..", "scene.blend"],
  ["", "scene.blend"],
  ["a\0b.blend", "scene.blend"],
  [`${"x".repeat(300)}.blend`, "scene.blend"],
])("a .blend named %j is filed as %j", async (name, path) => {
  await using store = await tempLayout();
  expect((await list(await uploadOf(store, BLEND, name)))[0]?.path).toBe(path);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a text", Buffer.from("hello")],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Array<number>(600).fill(1)])],
  ["a compressed text", gzipSync("hello")],
  ["zeros", Buffer.alloc(2048)],
  ["the beginning of a gzip", Buffer.from([0x1f, 0x8b, 8, 0])],
])("%s is neither scene nor archive, and one file of a project", async (_, bytes) => {
  await using store = await tempLayout();
  const upload = await uploadOf(store, bytes, "a/wood.png");
  await using source = await openFileSource(upload.path);
  expect(await detectUploadKind(source)).toBeNull();
  expect(await list(upload)).toEqual([{ path: "a/wood.png", size: bytes.byteLength }]);
  expect(await list({ ...upload, name: ".." })).toEqual([{ path: "file", size: bytes.byteLength }]);
});

test("files may be passed over unread, and reading may stop early; no file stays open", async () => {
  await using store = await tempLayout();
  const entries = Array.from({ length: 20 }, (_, i) => ({ name: `f${i}`, content: "x".repeat(300_000) }));
  for (const bytes of [writeZip(entries), await writeTar(entries), gzipSync(await writeTar(entries))]) {
    const upload = await uploadOf(store, bytes);
    for await (const file of readProject(upload, DEFAULT_ARCHIVE_LIMITS)) if (file.path === "f9") break;
    expect(await list(upload)).toHaveLength(20);
  }
  const open = await Bun.$`ls -l /proc/${process.pid}/fd`.text();
  expect(open).not.toContain(store.folder);
});
