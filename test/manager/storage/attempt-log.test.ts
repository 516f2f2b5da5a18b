import { describe, expect, test } from "bun:test";
import { appendAttemptLog, readAttemptLog } from "#manager/storage/attempt-log.ts";
import { attemptLogPath } from "#manager/storage/layout.ts";
import { failure, type TempLayout, tempLayout } from "./support/temp-layout.ts";

const pathOf = (store: TempLayout): string => attemptLogPath(store.layout, 1, 2, 3);

describe("appending to a log", () => {
  test("pieces in order become one text; each answer is the size so far", async () => {
    await using store = await tempLayout();
    expect(await append(store, 0, "one\n")).toBe(4);
    expect(await append(store, 4, "two\n")).toBe(8);
    expect(await content(store)).toBe("one\ntwo\n");
  });

  test("a piece that is sent twice changes nothing, also when it has grown meanwhile", async () => {
    await using store = await tempLayout();
    await append(store, 0, "one\ntwo\n");
    expect(await append(store, 0, "one\n")).toBe(8);
    expect(await append(store, 4, "two\n")).toBe(8);
    expect(await append(store, 4, "two\nthree\n")).toBe(14);
    expect(await append(store, 0, "")).toBe(14);
    expect(await content(store)).toBe("one\ntwo\nthree\n");
  });

  test("a gap is an error, and says where to go on", async () => {
    await using store = await tempLayout();
    await append(store, 0, "one\n");
    expect(await failure(append(store, 5, "three"))).toEqual({
      code: "conflict",
      message: "The log has 4 bytes; a piece at 5 leaves a gap.",
    });
    expect(await content(store)).toBe("one\n");
  });

  test("at the cap a last line says so; what comes after is taken and dropped", async () => {
    await using store = await tempLayout();
    await append(store, 0, "x".repeat(90), 200);
    expect(await append(store, 90, "y".repeat(500), 200)).toBe(200);
    expect(await append(store, 590, "z", 200)).toBe(200);
    const text = await content(store);
    expect(text.length).toBe(200);
    expect(text).toMatch(/^x{90}y+\n\[The log is cut off here: more than 200 bytes are not kept\.\]\n$/);
  });

  test("the same piece twice at the same time is written once", async () => {
    await using store = await tempLayout();
    await Promise.all([append(store, 0, "same"), append(store, 0, "same"), append(store, 0, "same")]);
    expect(await content(store)).toBe("same");
  });
});

describe("reading a log", () => {
  test("goes on where the last reading ended", async () => {
    await using store = await tempLayout();
    await append(store, 0, "one two three");
    expect(await read(store, 0, 4)).toEqual({ text: "one ", next: 4 });
    expect(await read(store, 4, 100)).toEqual({ text: "two three", next: 13 });
    expect(await read(store, 13, 100)).toEqual({ text: "", next: 13 });
  });

  test("gives no half characters, neither at the cap nor at the end of what is written so far", async () => {
    await using store = await tempLayout();
    const bytes = Buffer.from("aü木😀");
    await append(store, 0, bytes.subarray(0, 8));
    expect(await read(store, 0, 100)).toEqual({ text: "aü木", next: 6 });
    expect(await read(store, 0, 2)).toEqual({ text: "a", next: 1 });
    expect(await read(store, 1, 4)).toEqual({ text: "ü", next: 3 });
    await append(store, 8, bytes.subarray(8));
    expect(await read(store, 6, 100)).toEqual({ text: "😀", next: 10 });
  });

  test("gives bytes that are no UTF-8 as they are", async () => {
    await using store = await tempLayout();
    await append(store, 0, Buffer.from([0x80, 0x80, 0x80, 0x80, 0xff, 0x41]));
    expect((await readAttemptLog(pathOf(store), 0, 100)).next).toBe(6);
  });

  test("finds an attempt that has said nothing to be empty", async () => {
    await using store = await tempLayout();
    expect(await read(store, 0, 100)).toEqual({ text: "", next: 0 });
  });
});

function append(store: TempLayout, offset: number, piece: string | Uint8Array, maxBytes?: number): Promise<number> {
  return appendAttemptLog(pathOf(store), offset, Buffer.from(piece as string), maxBytes);
}

async function read(store: TempLayout, after: number, maxBytes: number): Promise<{ text: string; next: number }> {
  const { bytes, next } = await readAttemptLog(pathOf(store), after, maxBytes);
  return { text: Buffer.from(bytes).toString(), next };
}

async function content(store: TempLayout): Promise<string> {
  return (await read(store, 0, 1e6)).text;
}
