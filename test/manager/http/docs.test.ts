import { afterAll, beforeAll, expect, test } from "bun:test";
import { createApp, type App } from "#manager/http/app.ts";
import { openApiDocument, type OpenApiDocument } from "#manager/http/docs/document.ts";
import { WORDS } from "#manager/http/docs/words.ts";
import { memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;
let document: OpenApiDocument;

beforeAll(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  document = openApiDocument(app);
});
afterAll(() => farm[Symbol.asyncDispose]());

const get = (path: string) => app.handle(new Request(`http://localhost${path}`));

test("every route of the API is in the document, and nothing else", () => {
  const routes = app.routes.map(({ method, path }) => `${method} ${path}`);
  const inApi = routes.filter((route) => /^\w+ \/(api\/|healthz$|metrics$)/.test(route) && route !== "GET /api/docs");
  expect(Object.keys(WORDS).sort()).toEqual(inApi.sort());
});

test("every route says who may call it, what it answers, and how it errs", () => {
  const open = ["/api/auth/", "/healthz", "/api/docs/json"];
  for (const [path, operations] of Object.entries(document.paths))
    for (const { security, responses } of Object.values(operations)) {
      if (security.length === 0) expect(open.some((start) => path.startsWith(start))).toBe(true);
      expect(Object.keys(responses).length).toBeGreaterThan(1);
      expect(responses["default"]).toEqual({ $ref: "#/components/responses/Error" });
    }
});

test("the document is served to programs, with the farm's nouns said once", async () => {
  const answer = await get("/api/docs/json");
  expect(answer.headers.get("content-type")).toContain("application/json");
  const served = (await answer.json()) as OpenApiDocument;
  expect(served).toEqual(JSON.parse(JSON.stringify(document)) as OpenApiDocument);
  const one = served.paths["/api/jobs/{id}"]!["get"]!.responses["200"];
  expect(one).toMatchObject({
    content: { "application/json": { schema: { $ref: "#/components/schemas/Job" } } },
  } as never);
});

test("the page shows every route and needs nothing from elsewhere", async () => {
  const text = await (await get("/api/docs")).text();
  for (const [path, operations] of Object.entries(document.paths))
    for (const method of Object.keys(operations)) expect(text).toContain(`${method.toUpperCase()} ${path}`);
  expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(text).not.toMatch(/<script>|style="/);
});
