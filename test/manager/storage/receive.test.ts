import { describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { AppError } from "#domain/app-error.ts";
import { uploadPath } from "#manager/storage/layout.ts";
import { receiveFile } from "#manager/storage/receive.ts";
import { chunks, failure, filesUnder, tempLayout } from "./support/temp-layout.ts";

describe("receiving a file", () => {
  test("gives its size and, when asked, its hash; committed, it is what was sent", async () => {
    await using store = await tempLayout();
    const received = await receiveFile(store.layout, chunks("abc", "", "def"), {
      maxBytes: 6,
      expectedBytes: 6,
      sha256: true,
    });
    expect(received.size).toBe(6);
    expect(received.sha256).toBe(new Bun.CryptoHasher("sha256").update("abcdef").digest("hex"));
    await received.commitTo(uploadPath(store.layout, 1));
    expect(await readFile(uploadPath(store.layout, 1), "utf8")).toBe("abcdef");
    expect(await filesUnder(store.layout.temp)).toEqual([]);
  });

  test("takes a body of a Response too, and may be empty", async () => {
    await using store = await tempLayout();
    await using received = await receiveFile(store.layout, new Response("hello").body!, { maxBytes: 5 });
    await using empty = await receiveFile(store.layout, chunks(), { maxBytes: 0 });
    expect([received.size, received.sha256, empty.size]).toEqual([5, null, 0]);
  });
});

describe("nothing is left", () => {
  test("of a file over the cap; what is announced as too large is not even begun", async () => {
    await using store = await tempLayout();
    const tooLarge = { code: "too_large", message: "The upload is larger than the 5 bytes that one file may have." };
    expect(await failure(receiveFile(store.layout, chunks("abc", "def"), { maxBytes: 5 }))).toEqual(tooLarge);
    let isRead = false;
    const body = (async function* () {
      isRead = true;
      yield* chunks("x");
    })();
    expect(await failure(receiveFile(store.layout, body, { maxBytes: 5, expectedBytes: 6 }))).toEqual(tooLarge);
    expect(isRead).toBe(false);
    expect(await filesUnder(store.layout.root)).toEqual([]);
  });

  test("of a file with another size than announced", async () => {
    await using store = await tempLayout();
    for (const expectedBytes of [2, 4]) {
      const { code } = await failure(receiveFile(store.layout, chunks("abc"), { maxBytes: 9, expectedBytes }));
      expect(code).toBe("upload_incomplete");
    }
    expect(await filesUnder(store.layout.root)).toEqual([]);
  });

  test("of a body that breaks off, and an AppError of its own comes through", async () => {
    await using store = await tempLayout();
    for (const [error, code] of [
      [new DOMException("gone", "AbortError"), "upload_incomplete"],
      [new AppError("bad_request", "no multipart"), "bad_request"],
    ] as const) {
      const body = (async function* () {
        yield* chunks("abc");
        throw error;
      })();
      expect((await failure(receiveFile(store.layout, body, { maxBytes: 9 }))).code).toBe(code);
    }
    expect(await filesUnder(store.layout.root)).toEqual([]);
  });

  test("when the client is cut off in the middle", async () => {
    await using store = await tempLayout();
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: outcome, resolve: end } = Promise.withResolvers<{ code: unknown }>();
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (request) => {
        start();
        end(await failure(receiveFile(store.layout, request.body!, { maxBytes: 1e9 })));
        return new Response();
      },
    });
    const socket = connect(server.port!, "127.0.0.1");
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(5000)}`);
    await started;
    socket.destroy();
    expect(await outcome).toMatchObject({ code: "upload_incomplete" });
    expect(await filesUnder(store.layout.root)).toEqual([]);
  });
});

test("memory stays constant, and the sender is held back to the speed of the disk", async () => {
  await using store = await tempLayout();
  const chunk = Buffer.alloc(65536, 7);
  const body = (async function* () {
    for (let i = 0; i < 4096; i++) yield await Promise.resolve(chunk);
  })();
  const before = process.memoryUsage().rss;
  await using received = await receiveFile(store.layout, body, { maxBytes: 1e9 });
  expect(received.size).toBe(256 * 2 ** 20);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
});
