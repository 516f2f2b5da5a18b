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
  ["GET", "/api/blender/versions"],
  ["OPTIONS", "/api/uploads"],
  ["GET", "/api/uploads"],
  ["POST", "/api/uploads"],
  ["GET", "/api/uploads/1"],
  ["PATCH", "/api/uploads/1"],
  ["DELETE", "/api/uploads/1"],
  ["GET", "/api/auth/me"],
  ["POST", "/api/auth/logout"],
];
/** What changes how somebody comes in: for who is signed in, and no key. */
const SESSION_ROUTES: Route[] = [
  ["POST", "/api/auth/password/change", { oldPassword: "a", newPassword: "b" }],
  ["GET", "/api/auth/sessions"],
  ["DELETE", "/api/auth/sessions"],
  ["DELETE", "/api/auth/sessions/1"],
  ["GET", "/api/auth/identities"],
  ["DELETE", "/api/auth/identities/google"],
  ["GET", "/api/keys"],
  ["POST", "/api/keys", { name: "x" }],
  ["DELETE", "/api/keys/1"],
];
const ADMIN_ROUTES: Route[] = [
  ["GET", "/api/admin/users"],
  ["POST", "/api/admin/users", { email: "new@x" }],
  ["GET", "/api/admin/users/1"],
  ["PATCH", "/api/admin/users/1", { admin: true }],
  ["DELETE", "/api/admin/users/1"],
  ["POST", "/api/admin/users/1/reset-link"],
  ["GET", "/api/admin/keys"],
  ["POST", "/api/admin/keys", { name: "x", scope: "manager" }],
  ["DELETE", "/api/admin/keys/1"],
  ["GET", "/api/admin/runners"],
  ["PATCH", "/api/admin/runners/1", { disabled: true }],
  ["DELETE", "/api/admin/runners/1"],
  ["GET", "/api/admin/jobs"],
  ["POST", "/api/admin/jobs", { action: "cancel", ids: [1] }],
  ["GET", "/api/admin/blender"],
  ["POST", "/api/admin/blender", { version: "4.2" }],
  ["POST", "/api/admin/blender/upload?filename=blender.tar.xz", "bytes"],
  ["DELETE", "/api/admin/blender/additions/1"],
  ["DELETE", "/api/admin/blender/4.2.1"],
  ["GET", "/api/admin/stats"],
  ["GET", "/api/admin/settings"],
  ["PATCH", "/api/admin/settings", { registration: "on" }],
];
/** For admins, and for programs with an admin's key. */
const OPERATOR_ROUTES: Route[] = [["GET", "/metrics"]];
/** For everybody, or nobody could come in. */
const OPEN_ROUTES: Route[] = [
  ["POST", "/api/auth/login"],
  ["POST", "/api/auth/register"],
  ["POST", "/api/auth/password/reset"],
  ["GET", "/api/auth/google/login"],
  ["GET", "/api/auth/google/callback"],
  ["GET", "/api/auth/discord/login"],
  ["GET", "/api/auth/discord/callback"],
  ["GET", "/api/docs"],
  ["GET", "/api/docs/json"],
  ["GET", "/healthz"],
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
  ["GET", "/api/jobs/1/videos"],
  ["POST", "/api/jobs/1/videos", { format: "EXR_264_MP4" }],
  ["GET", "/api/jobs/1/metadata"],
  ["POST", "/api/jobs/1/upload?filename=a.blend", "bytes"],
  ["GET", "/api/jobs/1/files"],
  ["GET", "/api/jobs/1/files/1/download"],
  ["GET", "/api/jobs/1/files/1/preview"],
  ["GET", "/api/jobs/1/frames/1/preview"],
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
  ["GET", "/api/runner/tasks/1/pictures?attempt=1&after=-1&limit=10"],
  ["POST", "/api/runner/tasks/1/complete", { attempt: 1, ok: true }],
  ["POST", "/api/runner/tasks/1/log?attempt=1&offset=0", "line"],
  ["GET", "/api/runner/files/1/context.tar"],
  ["GET", "/api/runner/blender/4.2.1"],
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
  const admin = addTestUser(farm, "admin@x", true);
  const token = await openSession(farm, getUser(farm.db, admin)!, { userAgent: "test", address: "test" });
  credentials["admin"] = { cookie: `jiggablend_session=${token}` };
  credentials["the admin's key"] = {
    authorization: `Bearer ${addKey(farm, { name: "admin", scope: "user", userEmail: "admin@x" })}`,
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

describe.each([...USER_ROUTES, ...JOB_ROUTES, ...SESSION_ROUTES, ...ADMIN_ROUTES, ...OPERATOR_ROUTES])(
  "%s %s",
  (...route) => {
    test("is closed to nobody and to a wrong key", async () => {
      expect(await call(route, "nobody")).toMatchObject({ status: 401, code: "unauthorized" });
      expect(await call(route, "a wrong key")).toMatchObject({ status: 401, code: "unauthorized" });
    });

    test("is closed to a farm-wide runner key", async () => {
      expect(await call(route, "farm key")).toMatchObject({ status: 403, code: "forbidden" });
    });
  },
);

describe.each(JOB_ROUTES)("%s %s", (...route) => {
  test("does not exist for another user or that user's key", async () => {
    expect(await call(route, "ben")).toMatchObject({ status: 404, code: "not_found" });
    expect(await call(route, "ben's key")).toMatchObject({ status: 404, code: "not_found" });
  });
});

describe.each(SESSION_ROUTES)("%s %s", (...route) => {
  test("is closed to a user's own key", async () => {
    expect(await call(route, "ben's key")).toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe.each(ADMIN_ROUTES)("%s %s", (...route) => {
  test("is closed to who is no admin, and to any key", async () => {
    expect(await call(route, "ann")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await call(route, "ben's key")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await call(route, "the admin's key")).toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe.each(OPERATOR_ROUTES)("%s %s", (...route) => {
  test("is closed to who is no admin, and open to an admin's key", async () => {
    expect(await call(route, "ann")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await call(route, "ben's key")).toMatchObject({ status: 403, code: "forbidden" });
    expect((await call(route, "the admin's key")).status).toBe(200);
  });
});

describe.each(RUNNER_ROUTES)("%s %s", (...route) => {
  test("is closed to nobody, to a wrong key and to a signed-in user", async () => {
    expect(await call(route, "nobody")).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await call(route, "a wrong key")).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await call(route, "ann")).toMatchObject({ status: 403, code: "forbidden" });
  });
});

test("every API route stands in a list above", () => {
  const users = [...USER_ROUTES, ...JOB_ROUTES, ...SESSION_ROUTES];
  const all = [...users, ...ADMIN_ROUTES, ...OPERATOR_ROUTES, ...RUNNER_ROUTES, ...OPEN_ROUTES];
  const listed = new Set(all.map(([method, path]) => `${method} ${shape(path)}`));
  for (const { method, path } of app.routes) {
    if (!/^\/(api\/|metrics$|healthz$)/.test(path) || method === "HEAD") continue;
    expect(listed).toContain(`${method} ${shape(path)}`);
  }
});

/** A path with its ids and names taken out. */
function shape(path: string): string {
  return path
    .replace(/\?.*/, "")
    .replace(/context\.tar|\d+\.\d+\.\d+|(?<=identities\/)google/, ":")
    .replace(/\/(:\w+|\d+)(?=\/|$)/g, "/:")
    .replace(/\/:$/, "/:");
}

type Wrong = [what: string, route: Route, body: string | null, status: number, code: string, who?: string];

/** Asked by Ann, where nobody else is named. */
const WRONG: Wrong[] = [
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
  ["sign-in without a password", ["POST", "/api/auth/login"], '{"email":"ann@x"}', 422, "invalid_body"],
  ["a password that is a number", ["POST", "/api/auth/login"], '{"email":"a","password":1}', 422, "invalid_body"],
  ["registration that is off", ["POST", "/api/auth/register"], '{"email":"a@b","password":"x"}', 403, "forbidden"],
  [
    "a reset link that is none",
    ["POST", "/api/auth/password/reset"],
    '{"token":"x","newPassword":"y"}',
    410,
    "link_expired",
  ],
  ["a provider that is not set up", ["GET", "/api/auth/google/login"], null, 404, "not_found"],
  ["a provider that is not set up", ["GET", "/api/auth/discord/callback?code=1&state=2"], null, 404, "not_found"],
  ["a provider that nobody knows", ["GET", "/api/auth/myspace/login"], null, 404, "not_found"],
  ["a session of somebody else", ["DELETE", "/api/auth/sessions/2"], null, 404, "not_found"],
  ["a session that is none", ["DELETE", "/api/auth/sessions/x"], null, 422, "invalid_body"],
  ["a provider that is not connected", ["DELETE", "/api/auth/identities/google"], null, 404, "not_found"],
  ["a provider that is none", ["DELETE", "/api/auth/identities/x"], null, 422, "invalid_body"],
  ["a key without a name", ["POST", "/api/keys"], "{}", 422, "invalid_body"],
  ["a key with an odd name", ["POST", "/api/keys"], '{"name":"a\\u0000b"}', 400, "bad_request"],
  ["a key of somebody else", ["DELETE", "/api/keys/2"], null, 404, "not_found"],
  ["a user's list that is too long", ["GET", "/api/admin/users?limit=5000"], null, 422, "invalid_body", "admin"],
  ["a user without an address", ["POST", "/api/admin/users"], '{"admin":true}', 422, "invalid_body", "admin"],
  ["an address that is none", ["POST", "/api/admin/users"], '{"email":"nobody"}', 400, "bad_request", "admin"],
  ["an address that is taken", ["POST", "/api/admin/users"], '{"email":"ANN@x"}', 409, "conflict", "admin"],
  [
    "a password that is short",
    ["POST", "/api/admin/users"],
    '{"email":"c@x","password":"short"}',
    400,
    "bad_request",
    "admin",
  ],
  ["an unknown user", ["PATCH", "/api/admin/users/4711"], "{}", 404, "not_found", "admin"],
  ["rights that are a word", ["PATCH", "/api/admin/users/1"], '{"admin":"yes"}', 422, "invalid_body", "admin"],
  ["the last admin disabled", ["PATCH", "/api/admin/users/3"], '{"disabled":true}', 409, "conflict", "admin"],
  ["an odd fate of jobs", ["DELETE", "/api/admin/users/1?jobs=burn"], null, 422, "invalid_body", "admin"],
  ["jobs given to nobody", ["DELETE", "/api/admin/users/1?jobs=give"], null, 400, "bad_request", "admin"],
  ["jobs given to a stranger", ["DELETE", "/api/admin/users/1?jobs=give&to=4711"], null, 400, "bad_request", "admin"],
  ["a link for an unknown user", ["POST", "/api/admin/users/4711/reset-link"], null, 404, "not_found", "admin"],
  ["a key of no scope", ["POST", "/api/admin/keys"], '{"name":"x"}', 422, "invalid_body", "admin"],
  ["a user's key of nobody", ["POST", "/api/admin/keys"], '{"name":"x","scope":"user"}', 400, "bad_request", "admin"],
  ["a key that is not there", ["DELETE", "/api/admin/keys/4711"], null, 404, "not_found", "admin"],
];

describe("what is wrong with a request is said in a sentence", () => {
  test.each(WRONG)("%s", async (...[_, [method, path], body, status, code, who = "ann"]) => {
    const headers = { ...credentials[who]!, "content-type": "application/json" };
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
