import { expect, test } from "bun:test";
import { makeZip } from "client-zip";
import { withZip64Count } from "#manager/storage/zip64-count.ts";
import { list, uploadOf } from "./support/projects.ts";
import { chunks, failure, tempLayout } from "./support/temp-layout.ts";

test("more than 65,534 files are all found, which without the records they are not", async () => {
  await using store = await tempLayout();
  const count = 65_536;
  const zip = await Array.fromAsync(zipOf(count));
  const plain = await uploadOf(store, Buffer.concat(zip));
  const counted = await uploadOf(store, await bytesOf(withZip64Count(chunks(...zip), count)));
  expect(await failure(list(plain, { maxEntries: count }))).toMatchObject({ code: "bad_archive" });
  expect(await list(counted, { maxEntries: count })).toHaveLength(count);
}, 30_000);

test("a smaller archive stays as it is", async () => {
  expect(await bytesOf(withZip64Count(zipOf(3), 3))).toEqual(await bytesOf(zipOf(3)));
});

function zipOf(count: number): ReadableStream<Uint8Array> {
  const lastModified = new Date(2026, 0, 31);
  return makeZip(Array.from({ length: count }, (_, i) => ({ name: `f${i}`, input: "", lastModified })));
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(stream));
}
