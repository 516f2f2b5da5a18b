// Against a real server: half of this is about what Bun adds and does by itself.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { download, type DownloadFile } from "#manager/storage/download.ts";
import { type TempLayout, tempLayout } from "./support/temp-layout.ts";

const CONTENT = "0123456789".repeat(50_000);
const SHA = "ab".repeat(32);
const MTIME = Date.UTC(2026, 0, 31, 12, 0, 0, 750);
const HTTP_DATE = "Sat, 31 Jan 2026 12:00:00 GMT";

let store: TempLayout;
let file: DownloadFile;
let server: Bun.Server<undefined>;

beforeAll(async () => {
  store = await tempLayout();
  const path = `${store.folder}/frame`;
  await Bun.write(path, CONTENT);
  file = { path, name: "frame_0001.exr", sha256: SHA, mtimeMs: MTIME };
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const plain = { ...file, sha256: null };
      return download(request, new URL(request.url).pathname === "/unhashed" ? plain : file);
    },
  });
});

afterAll(async () => {
  await server.stop(true);
  await store[Symbol.asyncDispose]();
});

describe("the whole file", () => {
  test("comes with everything that lets a client ask again for less", async () => {
    const response = await get({});
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(CONTENT);
    expect(headersOf(response)).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "private, no-cache",
      "content-disposition": 'attachment; filename="frame_0001.exr"',
      "content-length": "500000",
      "content-type": "image/x-exr",
      etag: `"${SHA}"`,
      "last-modified": HTTP_DATE,
      "x-content-type-options": "nosniff",
    });
  });

  test("has no ETag while its hash is not known", async () => {
    const response = await get({}, "GET", "/unhashed");
    expect([response.status, response.headers.get("etag")]).toEqual([200, null]);
    await response.body?.cancel();
  });

  test("comes without its body for HEAD, range or not", async () => {
    for (const headers of [{}, { range: "bytes=0-9" }]) {
      const response = await get(headers, "HEAD");
      expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
        200,
        "500000",
        "",
      ]);
    }
  });

  test("comes when the range is none that can be honoured", async () => {
    for (const range of ["bytes=0-1,4-5", "bytes=9-2", "lines=1-2"]) {
      const response = await get({ range });
      expect([response.status, response.headers.get("content-range")]).toEqual([200, null]);
      expect(await response.text()).toBe(CONTENT);
    }
  });
});

describe("a range", () => {
  test.each([
    ["bytes=10-19", "bytes 10-19/500000", "0123456789"],
    ["bytes=499995-", "bytes 499995-499999/500000", "56789"],
    ["bytes=-3", "bytes 499997-499999/500000", "789"],
  ])("%s comes as 206", async (range, contentRange, text) => {
    const response = await get({ range });
    expect([response.status, response.headers.get("content-range")]).toEqual([206, contentRange]);
    expect(response.headers.get("content-length")).toBe(String(text.length));
    expect(response.headers.get("etag")).toBe(`"${SHA}"`);
    expect(await response.text()).toBe(text);
  });

  test("behind the end is 416, with the size", async () => {
    const response = await get({ range: "bytes=500000-" });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */500000"]);
    expect(await response.text()).toBe("");
  });

  test("of a file that is still the same comes as 206", async () => {
    for (const ifRange of [`"${SHA}"`, HTTP_DATE]) {
      const response = await get({ range: "bytes=0-4", "if-range": ifRange });
      expect([response.status, await response.text()]).toEqual([206, "01234"]);
    }
  });

  test("of a file that has changed since is the whole new file", async () => {
    for (const ifRange of ['"other"', `W/"${SHA}"`, "Sat, 31 Jan 2026 11:00:00 GMT", "nonsense"]) {
      const response = await get({ range: "bytes=0-4", "if-range": ifRange });
      expect([response.status, response.headers.get("content-range")]).toEqual([200, null]);
      expect(await response.text()).toBe(CONTENT);
    }
  });
});

describe("a file that the client has already", () => {
  test.each([
    [{ "if-none-match": `"${SHA}"` }],
    [{ "if-none-match": `"other", W/"${SHA}"` }],
    [{ "if-none-match": "*" }],
    [{ "if-modified-since": HTTP_DATE }],
    [{ "if-modified-since": "Sun, 01 Feb 2026 00:00:00 GMT" }],
    [{ "if-none-match": `"${SHA}"`, "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT", range: "bytes=0-1" }],
  ])("is 304 with %j", async (headers) => {
    const response = await get(headers);
    expect([response.status, await response.text()]).toEqual([304, ""]);
    expect(response.headers.get("etag")).toBe(`"${SHA}"`);
  });

  test.each([
    [{ "if-none-match": '"other"' }],
    [{ "if-none-match": '"other"', "if-modified-since": HTTP_DATE }],
    [{ "if-modified-since": "Sat, 31 Jan 2026 11:59:59 GMT" }],
    [{ "if-modified-since": "yesterday" }],
  ])("is sent when it is another one, with %j", async (headers) => {
    const response = await get(headers);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

test("a file may be shown instead of saved, and kept by caches", async () => {
  const shown = { ...file, name: "a.png", disposition: "inline", cacheControl: "private, max-age=60" } as const;
  const { headers } = await download(new Request("http://x"), shown);
  expect(headers.get("content-disposition")).toBe('inline; filename="a.png"');
  expect(headers.get("cache-control")).toBe("private, max-age=60");
});

test("a file that is gone is not_found", async () => {
  const error = await download(new Request("http://x"), { ...file, path: "/nowhere/at/all" }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "not_found", message: "frame_0001.exr is no longer there." });
});

function get(headers: Record<string, string>, method = "GET", path = "/"): Promise<Response> {
  return fetch(new URL(path, server.url), { method, headers });
}

function headersOf(response: Response): Record<string, string> {
  const { date: _, ...headers } = Object.fromEntries(response.headers);
  return headers;
}
