import { expect, test } from "bun:test";
import { openFileSource } from "#manager/storage/file-source.ts";
import { tempLayout, textOf } from "./support/temp-layout.ts";

test("a file is read at any offset, and no further than its end", async () => {
  await using store = await tempLayout();
  await Bun.write(`${store.folder}/f`, "0123456789");
  await using source = await openFileSource(`${store.folder}/f`);
  const read = async (offset: number, length: number): Promise<string> =>
    Buffer.from(await source.read(offset, length)).toString();
  expect(source.size).toBe(10);
  expect([await read(0, 4), await read(8, 99), await read(10, 1), await read(1e18, 5)]).toEqual(["0123", "89", "", ""]);
  expect([await textOf(source.stream()), await textOf(source.stream({ offset: 3, size: 2 }))]).toEqual([
    "0123456789",
    "34",
  ]);
});

test("a part of a file ends where the part does", async () => {
  await using store = await tempLayout();
  await Bun.write(`${store.folder}/f`, "0123456789");
  await using part = await openFileSource(`${store.folder}/f`, { offset: 2, size: 5 });
  expect([part.size, Buffer.from(await part.read(3, 99)).toString(), await textOf(part.stream())]).toEqual([
    5,
    "56",
    "23456",
  ]);
});

test("a file that ends before its part is an error, not a shorter stream", async () => {
  await using store = await tempLayout();
  await Bun.write(`${store.folder}/f`, "0123");
  await using part = await openFileSource(`${store.folder}/f`, { offset: 2, size: 5 });
  expect(await textOf(part.stream()).catch(String)).toBe("Error: the file ends 3 bytes too early");
});
