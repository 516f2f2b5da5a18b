import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { compression } from "#manager/http/compression.ts";

const LONG = `<p>${"frame ".repeat(500)}</p>`;
const answers =
  (body: string, type: string, status = 200) =>
  () =>
    new Response(body, { status, headers: { "content-type": type, "x-kept": "yes" } });

const app = new Elysia()
  .use(compression)
  .get("/page", answers(LONG, "text/html; charset=utf-8", 422))
  .get("/short", answers("<p>", "text/html"))
  .get("/frame", answers(LONG, "image/x-exr"))
  .get("/json", () => ({ long: LONG }));

const get = (path: string, encoding = "gzip") =>
  app.handle(new Request(`http://localhost${path}`, { headers: { "accept-encoding": encoding } }));

test("a page is compressed; its status and its other headers stay", async () => {
  const answer = await get("/page");
  expect([answer.status, answer.headers.get("x-kept")]).toEqual([422, "yes"]);
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect(new TextDecoder().decode(Bun.gunzipSync(await answer.arrayBuffer()))).toBe(LONG);
});

test("a page is left as it is for those who do not take gzip, and caches hear of it", async () => {
  const answer = await get("/page", "br");
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(answer.headers.get("vary")).toBe("accept-encoding");
  expect(await answer.text()).toBe(LONG);
});

test.each(["/short", "/frame", "/json"])("%s is left as it is", async (path) => {
  const answer = await get(path);
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(answer.status).toBe(200);
});

test("what does not use it is never held in memory", async () => {
  const other = new Elysia().use(app).get("/download", answers(LONG, "text/html"));
  const request = new Request("http://localhost/download", { headers: { "accept-encoding": "gzip" } });
  expect((await other.handle(request)).headers.get("content-encoding")).toBeNull();
});
