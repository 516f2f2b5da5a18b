import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Api, refusalOf } from "../support/api.ts";
import { ADMIN, startFarm, type Farm } from "../support/farm.ts";
import { scenes } from "../support/scenes.ts";

/** Requests that are wrong in themselves, or that come from somebody who may not make them. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
let ann: Api;
let ben: Api;
let annsKey: Api;
let runnerKey: Api;
let annsJob: number;

beforeAll(async () => {
  farm = await startFarm();
  [ann, ben] = await Promise.all([farm.addUser("ann@example.com"), farm.addUser("ben@example.com")]);
  annsKey = Api.withKey(farm.url, await farm.addKey("key of ann", "--scope", "user", "--user", "ann@example.com"));
  runnerKey = Api.withKey(farm.url, farm.runnerKey);
  annsJob = await ann.submit(join(await scenes(), "animated.blend"));
}, PATIENCE);

afterAll(() => farm?.stop(), PATIENCE);

describe("a job's wishes", () => {
  test.each(["10-1", "a", "", "1-", "-5", "1-10000000", "1-200000", "1-10x0", "2000000", "1,,2"])(
    "frames %p are refused",
    async (frames) => {
      const refusal = await refusalOf(await farm.api.call("POST", "/api/jobs", { name: "x", frames }));
      expect(refusal.status).toBe(422);
      expect(["invalid_frames", "invalid_body"]).toContain(refusal.code);
    },
  );

  test.each([
    ["an unknown format", { name: "x", format: "GIF" }, "unknown_format"],
    ["no name", {}, "invalid_body"],
    ["a name of spaces", { name: "   " }, "bad_request"],
    ["a device that is none", { name: "x", device: "tpu" }, "invalid_body"],
    ["no samples", { name: "x", samples: 0 }, "invalid_body"],
    ["half a sample", { name: "x", samples: 1.5 }, "invalid_body"],
    ["a size of 0 %", { name: "x", resolutionPercentage: 0 }, "invalid_body"],
    ["a version that is none", { name: "x", blenderVersion: "newest" }, "invalid_body"],
    ["a priority over the top", { name: "x", priority: 101 }, "invalid_body"],
    ["an array", [], "invalid_body"],
  ])("%s is refused", async (_, body, code) => {
    const refusal = await refusalOf(await farm.api.call("POST", "/api/jobs", body));
    expect([400, 422]).toContain(refusal.status);
    expect(refusal.code).toBe(code);
  });

  test("a body that is no JSON is refused", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await farm.api.call("POST", "/api/jobs", new TextEncoder().encode("{name"), headers);
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: "bad_request" });
  });

  test("a priority above 50 is for admins", async () => {
    const refusal = await refusalOf(await ann.call("POST", "/api/jobs", { name: "x", priority: 51 }));
    expect(refusal).toMatchObject({ status: 403, code: "forbidden" });
    expect((await farm.api.call("POST", "/api/jobs", { name: "x", priority: 51 })).status).toBe(201);
  });

  test("nothing of what was refused is there", async () => {
    const { items } = await farm.api.json<{ items: { name: string }[] }>("GET", "/api/jobs");
    expect(items.map(({ name }) => name)).toEqual(["x", "animated.blend"]);
  });
});

describe("a job in the wrong state", () => {
  test.each([
    ["a draft without a scene cannot start", "POST", "start", "not_ready"],
    ["a draft cannot be paused", "POST", "pause", "conflict"],
    ["a draft cannot be resumed", "POST", "resume", "conflict"],
    ["a draft cannot be retried", "POST", "retry", "conflict"],
    ["nothing is known of a scene that was not sent", "GET", "metadata", "not_ready"],
    ["there is no archive of nothing", "GET", "outputs/archive", "not_ready"],
  ])("%s", async (_, method, what, code) => {
    const { id } = await farm.api.createJob();
    const refusal = await refusalOf(await farm.api.call(method, `/api/jobs/${id}/${what}`));
    expect(refusal).toMatchObject({ status: 409, code });
  });

  test("an active job is not purged", async () => {
    const refusal = await refusalOf(await ann.call("DELETE", `/api/jobs/${annsJob}?purge=true`));
    expect(refusal).toMatchObject({ status: 409, code: "conflict" });
  });

  test("canceling twice is fine, and a purged job is gone with its files", async () => {
    const id = await ann.submit(join(await scenes(), "animated.blend"));
    for (let i = 0; i < 2; i++)
      expect(await ann.json("DELETE", `/api/jobs/${id}`)).toMatchObject({ status: "canceled" });
    expect((await ann.call("DELETE", `/api/jobs/${id}?purge=true`)).status).toBe(204);
    expect(await refusalOf(await ann.call("GET", `/api/jobs/${id}`))).toMatchObject({ status: 404, code: "not_found" });
  });
});

describe("who may do what", () => {
  /** What a user may do with a job. */
  const routes = () =>
    [
      ["GET", ""],
      ["GET", "/metadata"],
      ["GET", "/files"],
      ["GET", "/files/1/download"],
      ["GET", "/outputs"],
      ["GET", "/tasks"],
      ["POST", "/pause"],
      ["POST", "/upload?filename=a.blend"],
      ["DELETE", ""],
    ].map(([method, path]) => [method!, `/api/jobs/${annsJob}${path}`] as const);

  test("a job of another user does not exist", async () => {
    for (const [method, path] of routes())
      expect(await refusalOf(await ben.call(method, path))).toMatchObject({ status: 404, code: "not_found" });
    const { items } = await ben.json<{ items: unknown[] }>("GET", "/api/jobs");
    expect(items).toEqual([]);
  });

  test("nobody gets anything without signing in", async () => {
    for (const [method, path] of routes()) {
      const answer = await new Api(farm.url).call(method, path);
      expect(await refusalOf(answer)).toMatchObject({ status: 401, code: "unauthorized" });
    }
  });

  test("a runner's key is refused on the routes of users", async () => {
    for (const [method, path] of routes())
      expect(await refusalOf(await runnerKey.call(method, path))).toMatchObject({ status: 403, code: "forbidden" });
  });

  test("a user is refused on the routes of runners", async () => {
    const calls = [
      ["POST", "/api/runner/register", {}],
      ["POST", "/api/runner/heartbeat", { tasks: [], draining: false }],
      ["GET", "/api/runner/tasks"],
      ["POST", "/api/runner/tasks/1/complete", { attempt: 1, ok: true }],
      ["GET", `/api/runner/files/${annsJob}/context.tar`],
    ] as const;
    for (const [method, path, body] of calls)
      expect(await refusalOf(await ann.call(method, path, body))).toMatchObject({ status: 403, code: "forbidden" });
  });

  test("a user's own key opens the user's jobs and no others", async () => {
    expect((await annsKey.job(annsJob)).id).toBe(annsJob);
    const bens = await ben.createJob();
    expect(await refusalOf(await annsKey.call("GET", `/api/jobs/${bens.id}`))).toMatchObject({ status: 404 });
  });

  test("an admin sees all jobs", async () => {
    expect((await farm.api.job(annsJob)).id).toBe(annsJob);
  });

  test("an unknown key is refused", async () => {
    const answer = await Api.withKey(farm.url, "jk_r0_no_such_key").call("GET", "/api/jobs");
    expect(await refusalOf(answer)).toMatchObject({ status: 401, code: "unauthorized" });
  });

  test("a wrong password and an unknown user get the same answer", async () => {
    const signIn = async (email: string) => {
      const { message, ...rest } = await refusalOf(
        await new Api(farm.url).call("POST", "/api/auth/login", { email, password: "wrong" }),
      );
      return { message, ...rest };
    };
    const wrong = await signIn(ADMIN.email);
    expect(wrong).toMatchObject({ status: 401, code: "wrong_credentials" });
    expect(await signIn("nobody@example.com")).toEqual(wrong);
  });

  test("a page of another site cannot use the user's session", async () => {
    const answer = await ann.call("DELETE", `/api/jobs/${annsJob}`, undefined, {
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
    });
    expect(await refusalOf(answer)).toMatchObject({ status: 403, code: "forbidden" });
    expect((await ann.job(annsJob)).status).not.toBe("canceled");
  });
});

test.each(["/api/jobs/0", "/api/jobs/abc", "/api/jobs/1e99", "/api/jobs/-1", "/api/nothing", "/api/jobs/999999"])(
  "%s is an error and no crash",
  async (path) => {
    const { status } = await refusalOf(await farm.api.call("GET", path));
    expect([404, 422]).toContain(status);
    expect((await farm.api.call("GET", "/healthz")).status).toBe(200);
  },
);
