import { describe, expect, test } from "bun:test";
import { assets, ASSETS_PATH } from "#manager/http/assets.ts";
import { stranger } from "./pages/support/visitor.ts";
import { memoryFarm } from "../../support/memory-farm.ts";

const FILES = ["app.css", "app.js", "htmx.js", "logo.svg"];
const get = (path: string, headers: Record<string, string> = {}) =>
  assets.handle(new Request(`http://localhost${path}`, { headers }));

describe.each(FILES)("the asset %s", (name) => {
  test("may be kept for ever, because its address changes with it", async () => {
    const answer = await get(`${ASSETS_PATH}/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  test("comes compressed to those who can take it, and means the same", async () => {
    const plain = await (await get(`${ASSETS_PATH}/${name}`)).text();
    const answer = await get(`${ASSETS_PATH}/${name}`, { "accept-encoding": "gzip, deflate, br" });
    expect(answer.headers.get("vary")).toContain("accept-encoding");
    if (plain.length < 1000) return expect(await answer.text()).toBe(plain);
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(new TextDecoder().decode(Bun.gunzipSync(await answer.arrayBuffer()))).toBe(plain);
  });

  test("says what it is", async () => {
    const types = { css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
    const type = types[name.split(".").at(-1) as keyof typeof types];
    expect((await get(`${ASSETS_PATH}/${name}`)).headers.get("content-type")).toStartWith(type);
  });
});

test.each(["/../package.json", "/%2e%2e/package.json", "/..%2f..%2fpackage.json", "/.env", "/nothing.js"])(
  "nothing else can be had: %s",
  async (path) => {
    expect((await get(ASSETS_PATH + path)).status).toBe(404);
  },
);

test("htmx has its extension for polling tags with it", async () => {
  const text = await (await get(`${ASSETS_PATH}/htmx.js`)).text();
  expect(text).toContain("HX-PTag");
});

test("the styles hold no address of another place", async () => {
  expect(await (await get(`${ASSETS_PATH}/app.css`)).text()).not.toMatch(/@import|url\(/);
});

test("the first page is under 60 kB with all that it needs", async () => {
  await using farm = await memoryFarm();
  const { page } = await stranger(farm).get("/login");
  const used = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
  expect(new Set(used).size).toBe(FILES.length);
  const bodies = await Promise.all([...new Set(used)].map(async (path) => (await get(path)).text()));
  const bytes = [...bodies, page].map((body) => Bun.gzipSync(body).byteLength);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
});
