import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Api, refusalOf } from "../support/api.ts";
import { ADMIN, startFarm, type Farm } from "../support/farm.ts";
import { blendersIn } from "../support/processes.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** What an admin does to a farm that runs. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
let admin: Api;
let ann: Api;

beforeAll(async () => {
  farm = await startFarm();
  admin = farm.api;
  ann = await farm.addUser("ann@example.com");
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

type Listed = { id: number; name: string; email: string; status: string };
const list = async (what: string): Promise<Listed[]> =>
  (await admin.json<{ items: Listed[] }>("GET", `/api/admin/${what}`)).items;
const idOf = async (what: string, name: string): Promise<number> =>
  (await list(what)).find((one) => one.name === name || one.email === name)!.id;
const queued = async (user: Api, file = "animated.blend", frames = "1"): Promise<number> => {
  const id = await user.submit(join(await scenes(), file), { frames });
  await user.untilJob(id, "queued");
  return id;
};

test("a key that is revoked ends its runner in the middle of a frame, and the frame goes to another", async () => {
  const key = await farm.addKey("doomed", "--scope", "manager");
  const doomed = await farm.startRunner({ name: "doomed", key });
  const jobId = await ann.submit(join(await scenes(), "slow.blend"), { frames: "1" });
  await until("it renders", () => blendersIn(doomed.workspace).length > 0);
  expect((await admin.call("DELETE", `/api/admin/keys/${await idOf("keys", "doomed")}`)).status).toBe(204);
  const tasks = await ann.untilTasks(jobId, "the task is back", ([task]) => task!.status === "queued");
  expect(tasks[0]).toMatchObject({ runner: null, failures: 0 });
  expect(await doomed.ended()).toBe(1);
  expect(doomed.log()).toContain("does not accept the API key (any more)");
  expect(blendersIn(doomed.workspace)).toEqual([]);
  const other = await RawRunner.register(farm.url, farm.runnerKey, "other");
  expect(await other.lease()).toMatchObject({ jobId, attempt: 2 });
  await ann.json("DELETE", `/api/jobs/${jobId}`);
});

test("a runner is renamed, disabled, enabled, and deleted when it is gone", async () => {
  const runner = await farm.startRunner({ name: "box" });
  const id = await idOf("runners", "box");
  const change = (body: object) => admin.json<Listed>("PATCH", `/api/admin/runners/${id}`, body);
  expect(await change({ name: "renamed", disabled: true })).toMatchObject({ name: "renamed", status: "disabled" });
  const jobId = await queued(ann);
  expect(await change({ disabled: false })).toMatchObject({ status: "online" });
  await ann.untilJob(jobId, "completed");
  expect(await refusalOf(await admin.call("DELETE", `/api/admin/runners/${id}`))).toMatchObject({
    status: 409,
    code: "conflict",
  });
  expect(await change({ draining: true })).toMatchObject({ status: "draining" });
  expect(await change({ draining: false })).toMatchObject({ status: "online" });
  runner.signal("SIGTERM");
  expect(await runner.ended()).toBe(0);
  await until("it may be deleted", async () => (await admin.call("DELETE", `/api/admin/runners/${id}`)).status === 204);
  expect((await list("runners")).map(({ name }) => name)).not.toContain("renamed");
});

test("jobs of others are prioritised, canceled, retried and deleted, many at once", async () => {
  const [one, two] = [await queued(ann), await queued(ann)];
  const act = (action: string, more: object = {}) =>
    admin.json<{ done: number[]; refused: { id: number; code: string }[] }>("POST", "/api/admin/jobs", {
      action,
      ids: [one, two, 4711],
      ...more,
    });
  expect(await act("prioritize", { priority: 90 })).toMatchObject({
    done: [one, two],
    refused: [{ id: 4711, code: "not_found" }],
  });
  expect(await ann.job(two)).toMatchObject({ priority: 90 } as never);
  expect((await act("delete")).refused.map(({ code }) => code)).toEqual(["conflict", "conflict", "not_found"]);
  for (const action of ["cancel", "retry", "cancel", "delete"]) expect((await act(action)).done).toEqual([one, two]);
  expect((await ann.call("GET", `/api/jobs/${one}`)).status).toBe(404);
});

test("the figures tell what was done, and by whom", async () => {
  const stats = await admin.json<Record<string, never>>("GET", "/api/admin/stats");
  expect(stats).toMatchObject({
    queue: { tasksQueued: 0 },
    framesPerHour: expect.any(Number),
    failures: {},
    users: [{ name: "ann", frames: 1 }],
    runnerShares: expect.arrayContaining([expect.objectContaining({ frames: 1 })]),
    storage: { framesFiled: 1, freeBytes: expect.any(Number) },
  } as never);
});

test("a setting holds at once, by the API and by the command line alike", async () => {
  const body = { email: "new@example.com", password: "mellow-otter-77" };
  const register = () => new Api(farm.url).call("POST", "/api/auth/register", body);
  expect((await register()).status).toBe(403);
  await admin.json("PATCH", "/api/admin/settings", { registration: "on" });
  expect(
    await refusalOf(await new Api(farm.url).call("POST", "/api/auth/register", { ...body, password: "password1234" })),
  ).toMatchObject({
    status: 400,
    message: expect.stringContaining("common"),
  });
  expect((await register()).status).toBe(201);
  await farm.config("disable", "registration");
  expect((await register()).status).toBe(403);
  await farm.config("set", "max-upload-size", "1KB");
  const { id } = await ann.createJob();
  expect((await ann.upload(id, "a.blend", new Uint8Array(5000))).status).toBe(413);
  await farm.config("unset", "max-upload-size");
});

describe("accounts", () => {
  test("a reset link sets a password once, and ends all sessions", async () => {
    const { url } = await admin.json<{ url: string }>(
      "POST",
      `/api/admin/users/${await idOf("users", "ann@example.com")}/reset-link`,
    );
    const reset = () =>
      new Api(farm.url).call("POST", "/api/auth/password/reset", {
        token: new URL(url).searchParams.get("token"),
        newPassword: "mellow-otter-78",
      });
    expect((await reset()).status).toBe(204);
    expect(await refusalOf(await reset())).toMatchObject({ status: 410, code: "link_expired" });
    expect((await ann.call("GET", "/api/auth/me")).status).toBe(401);
    ann = await Api.signIn(farm.url, "ann@example.com", "mellow-otter-78");
  });

  test("a session is ended from another, and a changed password ends the others", async () => {
    const [one, two] = [await Api.signIn(farm.url, "ann@example.com", "mellow-otter-78"), ann];
    const { items } = await two.json<{ items: { id: number; current: boolean }[] }>("GET", "/api/auth/sessions");
    expect(items).toHaveLength(2);
    expect((await two.call("DELETE", `/api/auth/sessions/${items.find(({ current }) => !current)!.id}`)).status).toBe(
      204,
    );
    expect((await one.call("GET", "/api/auth/me")).status).toBe(401);
    const three = await Api.signIn(farm.url, "ann@example.com", "mellow-otter-78");
    const change = { oldPassword: "mellow-otter-78", newPassword: "mellow-otter-79" };
    expect((await three.call("POST", "/api/auth/password/change", change)).status).toBe(204);
    expect((await two.call("GET", "/api/auth/me")).status).toBe(401);
    ann = three;
  });

  test("the last admin stays, and who is disabled is out at once", async () => {
    const me = await idOf("users", ADMIN.email);
    for (const [method, body] of [["PATCH", { admin: false }], ["PATCH", { disabled: true }], ["DELETE"]] as const)
      expect((await admin.call(method, `/api/admin/users/${me}`, body)).status).toBe(409);
    const hers = await idOf("users", "ann@example.com");
    await admin.json("PATCH", `/api/admin/users/${hers}`, { disabled: true });
    expect((await ann.call("GET", "/api/auth/me")).status).toBe(401);
    expect((await admin.call("DELETE", `/api/admin/users/${hers}?jobs=delete`)).status).toBe(204);
    expect((await list("users")).map(({ email }) => email)).not.toContain("ann@example.com");
  });
});

test("every answer tells browsers to be careful, errors and pages alike", async () => {
  for (const path of ["/login", "/api/jobs", "/nowhere", "/healthz"]) {
    const { headers } = await fetch(farm.url + path);
    expect(headers.get("content-security-policy")).toStartWith("default-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("x-request-id")).toMatch(/^\S{8,}$/);
  }
});
