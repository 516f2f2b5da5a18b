import { afterAll, beforeAll, expect, test } from "bun:test";
import { ASSETS_PATH } from "#manager/http/assets.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;

beforeAll(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
});
afterAll(() => farm[Symbol.asyncDispose]());

const ANSWERS = [
  ["a page", "/login", "text/html"],
  ["a page that is not there", "/nothing", "text/html"],
  ["a way to sign in", "/jobs", "text/html"],
  ["JSON", "/healthz", "*/*"],
  ["an error in JSON", "/api/jobs", "*/*"],
  ["a script", `${ASSETS_PATH}/app.js`, "*/*"],
  ["a style", `${ASSETS_PATH}/app.css`, "*/*"],
] as const;

test.each(ANSWERS)("%s says what browsers may do with it", async (_what, path, accept) => {
  const { headers } = await app.handle(new Request(`http://localhost${path}`, { headers: { accept } }));
  const policy = headers.get("content-security-policy")!;
  expect(policy).toContain("default-src 'self'");
  for (const none of ["base-uri", "frame-ancestors", "object-src"]) expect(policy).toContain(`${none} 'none'`);
  expect(policy).not.toContain("unsafe");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("same-origin");
});

test("the headers are there on a real connection too, where some answers take another way", async () => {
  const server = createApp(farm).listen({ hostname: "127.0.0.1", port: 0 });
  try {
    for (const [, path, accept] of ANSWERS) {
      const answer = await fetch(`http://127.0.0.1:${server.server!.port}${path}`, {
        headers: { accept },
        redirect: "manual",
      });
      expect([path, answer.headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    }
  } finally {
    await server.stop(true);
  }
});
