import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { addKey } from "#manager/services/keys.ts";
import { openSession } from "#manager/services/sessions.ts";
import { getUser } from "#manager/db/users.ts";
import { addQueuedJob, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

type Route = [method: string, path: string, body?: unknown];

/** Every route that belongs to a user, on a job that is Ann's. */
const USER_ROUTES: Route[] = [
  ["POST", "/api/jobs", { name: "x" }],
  ["GET", "/api/jobs"],
  ["GET", "/api/jobs/ws"],
  ["GET", "/api/auth/me"],
  ["POST", "/api/auth/logout"],
  ["POST", "/api/auth/password/change", { oldPassword: "a", newPassword: "b" }],
];
const JOB_ROUTES: Route[] = [
  ["GET", "/api/jobs/1"],
  ["PATCH", "/api/jobs/1", { name: "y" }],
  ["DELETE", "/api/jobs/1"],
  ["DELETE", "/api/jobs/1?purge=true"],
  ["POST", "/api/jobs/1/start"],
  ["POST", "/api/jobs/1/pause"],
  ["POST", "/api/jobs/1/resume"],
  ["POST", "/api/jobs/1/retry"],
  ["GET", "/api/jobs/1/metadata"],
  ["POST", "/api/jobs/1/upload?filename=a.blend", "bytes"],
  ["GET", "/api/jobs/1/files"],
  ["GET", "/api/jobs/1/files/1/download"],
  ["GET", "/api/jobs/1/files/1/preview"],
  ["GET", "/api/jobs/1/outputs"],
  ["GET", "/api/jobs/1/outputs/archive"],
  ["GET", "/api/jobs/1/tasks"],
  ["GET", "/api/jobs/1/tasks/1"],
  ["GET", "/api/jobs/1/tasks/1/log"],
];
const RUNNER_ROUTES: Route[] = [
  ["POST", "/api/runner/register", {}],
  ["POST", "/api/runner/heartbeat", { tasks: [], draining: false }],
  ["GET", "/api/runner/tasks"],
  ["POST", "/api/runner/tasks/1/complete", { attempt: 1, ok: true }],
  ["POST", "/api/runner/tasks/1/log?attempt=1&offset=0", "line"],
  ["GET", "/api/runner/files/1/context.tar"],
  ["POST", "/api/runner/files/1/upload?taskId=1&attempt=1&frame=1&name=frame_0001.exr", "bytes"],
];

let farm: MemoryFarm;
let app: App;
const credentials: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  const [ann, ben] = [addTestUser(farm, "ann@x"), addTestUser(farm, "ben@x")];
  addQueuedJob(farm, { userId: ann });
  insertUpload(farm.db, { jobId: 1, name: "scene.blend", size: 1, createdAtMs: 0 });
  for (const [name, id] of [
    ["ann", ann],
    ["ben", ben],
  ] as const) {
    const token = await openSession(farm, getUser(farm.db, id)!, { userAgent: "test", address: "test" });
    credentials[name] = { cookie: `jiggablend_session=${token}` };
  }
  credentials["farm key"] = {
    authorization: `Bearer ${addKey(farm, { name: "farm", scope: "manager", userEmail: null })}`,
  };
  credentials["ben's key"] = {
    authorization: `Bearer ${addKey(farm, { name: "ben", scope: "user", userEmail: "ben@x" })}`,
  };
  credentials["a wrong key"] = { authorization: "Bearer jk_r0_wrong" };
  credentials["nobody"] = {};
});

afterAll(() => farm[Symbol.asyncDispose]());

async function call(
  [method, path, body]: Route,
  who: string,
): Promise<{ status: number; code: string | null; message: string }> {
  const isText = typeof body === "string";
  const headers = {
    ...credentials[who]!,
    ...(body !== undefined && { "content-type": isText ? "application/octet-stream" : "application/json" }),
  };
  const answer = await app.handle(
    new Request(`http://localhost${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  const error = text.startsWith('{"error"')
    ? (JSON.parse(text) as { error: { code: string; message: string } }).error
    : null;
  return { status: answer.status, code: error?.code ?? null, message: error?.message ?? "" };
}

describe.each([...USER_ROUTES, ...JOB_ROUTES])("%s %s", (...route) => {
  test("is closed to nobody and to a wrong key", async () => {
    expect(await call(route, "nobody")).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await call(route, "a wrong key")).toMatchObject({ status: 401, code: "unauthorized" });
  });

  test("is closed to a farm-wide runner key", async () => {
    expect(await call(route, "farm key")).toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe.each(JOB_ROUTES)("%s %s", (...route) => {
  test("does not exist for another user or that user's key", async () => {
    expect(await call(route, "ben")).toMatchObject({ status: 404, code: "not_found" });
    expect(await call(route, "ben's key")).toMatchObject({ status: 404, code: "not_found" });
  });
});

describe.each(RUNNER_ROUTES)("%s %s", (...route) => {
  test("is closed to nobody, to a wrong key and to a signed-in user", async () => {
    expect(await call(route, "nobody")).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await call(route, "a wrong key")).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await call(route, "ann")).toMatchObject({ status: 403, code: "forbidden" });
  });
});

test("every API route that is not open stands in a list above", () => {
  const open = new Set(["POST /api/auth/login"]);
  const listed = new Set(
    [...USER_ROUTES, ...JOB_ROUTES, ...RUNNER_ROUTES].map(([method, path]) => `${method} ${shape(path)}`),
  );
  for (const { method, path } of app.routes) {
    if (!path.startsWith("/api/") || open.has(`${method} ${path}`)) continue;
    expect(listed).toContain(`${method} ${shape(path)}`);
  }
});

/** A path with its ids and names taken out. */
function shape(path: string): string {
  return path
    .replace(/\?.*/, "")
    .replace("context.tar", ":")
    .replace(/\/(:\w+|\d+)(?=\/|$)/g, "/:")
    .replace(/\/:$/, "/:");
}

describe("what is wrong with a request is said in a sentence", () => {
  test.each([
    ["bad JSON", ["POST", "/api/jobs", undefined], "{", 400, "bad_request"],
    ["a missing name", ["POST", "/api/jobs"], "{}", 422, "invalid_body"],
    ["a wrong type", ["POST", "/api/jobs"], '{"name":5}', 422, "invalid_body"],
    ["an empty name", ["POST", "/api/jobs"], '{"name":""}', 422, "invalid_body"],
    ["frames that end before they start", ["POST", "/api/jobs"], '{"name":"x","frames":"10-1"}', 422, "invalid_frames"],
    ["ten million frames", ["POST", "/api/jobs"], '{"name":"x","frames":"1-10000000"}', 422, "invalid_frames"],
    ["an unknown format", ["POST", "/api/jobs"], '{"name":"x","format":"GIF"}', 422, "unknown_format"],
    ["a priority for admins", ["POST", "/api/jobs"], '{"name":"x","priority":80}', 403, "forbidden"],
    ["a priority over the top", ["POST", "/api/jobs"], '{"name":"x","priority":1e99}', 422, "invalid_body"],
    ["an id that is none", ["GET", "/api/jobs/abc"], null, 422, "invalid_body"],
    ["an id too large", ["GET", "/api/jobs/99999999999999999999"], null, 422, "invalid_body"],
    ["an unknown id", ["GET", "/api/jobs/4711"], null, 404, "not_found"],
    ["a limit over the top", ["GET", "/api/jobs?limit=100000"], null, 422, "invalid_body"],
    ["an unknown path", ["GET", "/api/nothing"], null, 404, "not_found"],
  ] as const)("%s", async (_, [method, path], body, status, code) => {
    const headers = { ...credentials["ann"]!, "content-type": "application/json" };
    const answer = await app.handle(
      new Request(`http://localhost${path}`, { method, headers, ...(body !== null && { body }) }),
    );
    const { error } = (await answer.json()) as { error: { code: string; message: string; requestId: string } };
    expect([answer.status, error.code]).toEqual([status, code]);
    expect(error.message).toMatch(/^["A-Z].*[.!:]$/);
    expect(error.requestId).toBe(answer.headers.get("x-request-id")!);
  });
});

test("a change that another site's page asks for with the user's cookie is refused", async () => {
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example", host: "farm.example" },
  ]) {
    const request = new Request("http://localhost/api/jobs/1/pause", {
      method: "POST",
      headers: { ...credentials["ann"]!, ...headers } as never,
    });
    expect((await app.handle(request)).status).toBe(403);
  }
});
