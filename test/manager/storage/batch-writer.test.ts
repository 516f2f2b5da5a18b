import { expect, test } from "bun:test";
import type { FileHandle } from "node:fs/promises";
import { createBatchWriter } from "#manager/storage/batch-writer.ts";
import { createTempFile } from "#manager/storage/temp-file.ts";
import { tempLayout } from "./support/temp-layout.ts";

test("chunks of all sizes come out in order, in front of and behind a seek", async () => {
  await using store = await tempLayout();
  await using temp = await createTempFile(store.layout);
  const writer = createBatchWriter(temp.handle);
  const large = Buffer.alloc(2_500_000, "large");
  await writer.seek(10);
  await writer.write(Buffer.from("small"));
  await writer.write(large);
  await writer.write(new Uint8Array());
  await writer.seek(0);
  await writer.write(Buffer.from("0123456789"));
  await writer.flush();
  const bytes = Buffer.from(await Bun.file(temp.path).bytes());
  expect(bytes.byteLength).toBe(15 + large.byteLength);
  expect(bytes.equals(Buffer.concat([Buffer.from("0123456789small"), large]))).toBe(true);
});

test("a write that is cut short is finished", async () => {
  const written: string[] = [];
  const handle = fakeHandle((bytes, position) => {
    const part = Buffer.from(bytes).subarray(0, 3).toString();
    written.push(`${position}:${part}`);
    return Promise.resolve({ bytesWritten: part.length });
  });
  const writer = createBatchWriter(handle);
  await writer.write(Buffer.from("abcdefg"));
  await writer.flush();
  expect(written).toEqual(["0:abc", "3:def", "6:g"]);
});

test("a write that fails is thrown by the call that needed it", async () => {
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  const writer = createBatchWriter(fakeHandle(() => Promise.reject(full)));
  await writer.write(Buffer.alloc(100_000));
  expect(await writer.write(Buffer.alloc(600_000)).catch((error: unknown) => error)).toBe(full);
});

test("a sender that waits is held back while a write is under way", async () => {
  const { promise: written, resolve: finish } = Promise.withResolvers<void>();
  const writer = createBatchWriter(fakeHandle((bytes) => written.then(() => ({ bytesWritten: bytes.byteLength }))));
  let isTaken = false;
  const write = writer.write(Buffer.alloc(300_000)).then(() => (isTaken = true));
  await new Promise(setImmediate);
  expect(isTaken).toBe(false);
  finish();
  await write;
});

function fakeHandle(write: (bytes: Uint8Array, position: number) => Promise<{ bytesWritten: number }>): FileHandle {
  const handle = {
    write: (bytes: Uint8Array, offset: number, length: number, position: number) =>
      write(bytes.subarray(offset, offset + length), position),
  };
  return handle as unknown as FileHandle;
}
