import { afterEach, beforeEach, expect, test } from "bun:test";
import { getUser } from "#manager/db/users.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { addKey } from "#manager/services/keys.ts";
import { endTask } from "#manager/services/completing.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { heartbeat, reap } from "#manager/services/runners.ts";
import { openSession } from "#manager/services/sessions.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;
let cookie: string;
let ann: number;

beforeEach(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  ann = addTestUser(farm, "ann@x");
  const admin = getUser(farm.db, addTestUser(farm, "admin@x", true))!;
  cookie = `jiggablend_session=${await openSession(farm, admin, { userAgent: "test", address: "test" })}`;
});
afterEach(() => farm[Symbol.asyncDispose]());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = { cookie }) {
  const answer = await app.handle(
    new Request(`http://localhost${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : null;
  return { status: answer.status, text, json: json as never };
}

const ask = (runner: Parameters<typeof askForTasks>[1]) =>
  askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort: new AbortController().signal });

test("a disabled runner gives back what it holds, gets nothing, and stays disabled when it registers anew, until it is enabled", async () => {
  addQueuedJob(farm, { userId: ann });
  const runner = await addTestRunner(farm, "r");
  const [held] = await ask(runner);
  expect(await call("PATCH", `/api/admin/runners/${runner.id}`, { disabled: true })).toMatchObject({
    status: 200,
    json: { status: "disabled", work: [] },
  } as never);
  const beat = await heartbeat(farm, runner, {
    tasks: [{ id: held!.task.id, attempt: held!.task.attempt, progress: null }],
    draining: false,
  });
  expect(beat.abandon).toHaveLength(1);
  const again = await addTestRunner(farm, "r", { instanceId: "instance-2" });
  expect([again.id, again.status]).toEqual([runner.id, "disabled"]);
  expect(await ask(again)).toEqual([]);
  await call("PATCH", `/api/admin/runners/${runner.id}`, { disabled: false });
  expect(again.status).toBe("online");
  expect(await ask(again)).toHaveLength(1);
});

test("a draining runner is told so, keeps what it holds, and its next process is online again", async () => {
  addQueuedJob(farm, { userId: ann });
  const runner = await addTestRunner(farm, "r");
  await ask(runner);
  await call("PATCH", `/api/admin/runners/${runner.id}`, { draining: true });
  expect((await heartbeat(farm, runner, { tasks: [], draining: false })).drain).toBe(true);
  expect(farm.leases.ofRunner(runner.id)).toHaveLength(1);
  expect((await addTestRunner(farm, "r", { instanceId: "instance-2" })).status).toBe("online");
});

test("a runner is renamed, but not to the name of another", async () => {
  const [one] = [await addTestRunner(farm, "one"), await addTestRunner(farm, "two")];
  expect((await call("PATCH", `/api/admin/runners/${one.id}`, { name: "two" })).status).toBe(409);
  expect((await call("PATCH", `/api/admin/runners/${one.id}`, { name: "three" })).json).toMatchObject({
    name: "three",
  } as never);
});

test("a runner that is there cannot be deleted, one that is gone can", async () => {
  const runner = await addTestRunner(farm, "r");
  expect((await call("DELETE", `/api/admin/runners/${runner.id}`)).status).toBe(409);
  farm.clock.advance(60);
  await reap(farm);
  expect((await call("DELETE", `/api/admin/runners/${runner.id}`)).status).toBe(204);
  expect((await call("GET", "/api/admin/runners")).json).toEqual({ items: [] } as never);
  expect((await call("DELETE", `/api/admin/runners/${runner.id}`)).status).toBe(404);
});

test("many jobs are changed at once, and those that will not do are named", async () => {
  const [a, b] = [addQueuedJob(farm, { userId: ann }), addQueuedJob(farm)];
  const many = (body: object) => call("POST", "/api/admin/jobs", body);
  expect((await many({ action: "prioritize", ids: [a, b], priority: 90 })).json).toMatchObject({
    done: [a, b],
  } as never);
  expect((await call("GET", `/api/jobs/${a}`)).json).toMatchObject({ priority: 90 } as never);
  expect((await many({ action: "delete", ids: [a] })).json).toMatchObject({
    done: [],
    refused: [{ id: a, code: "conflict" }],
  } as never);
  const canceled = await many({ action: "cancel", ids: [a, b, 4711] });
  expect(canceled.json).toMatchObject({ done: [a, b], refused: [{ id: 4711, code: "not_found" }] } as never);
  expect((await many({ action: "delete", ids: [a, b] })).json).toMatchObject({ done: [a, b], refused: [] } as never);
  expect((await many({ action: "prioritize", ids: [a] })).status).toBe(400);
});

test("jobs are listed by state and by user", async () => {
  const [a, b] = [addQueuedJob(farm, { userId: ann }), addQueuedJob(farm)];
  await call("POST", "/api/admin/jobs", { action: "cancel", ids: [b] });
  const ids = async (query: string) =>
    ((await call("GET", `/api/admin/jobs${query}`)).json as { items: { id: number }[] }).items.map(({ id }) => id);
  expect(await ids("")).toEqual([b, a]);
  expect(await ids("?status=canceled")).toEqual([b]);
  expect(await ids(`?user=${ann}`)).toEqual([a]);
  expect(await ids(`?status=canceled&user=${ann}`)).toEqual([]);
});

test("settings are changed all or none", async () => {
  const wrong = await call("PATCH", "/api/admin/settings", { registration: "on", "frames-per-render-task": "many" });
  expect(wrong.status).toBe(400);
  const value = async (name: string) =>
    ((await call("GET", "/api/admin/settings")).json as { items: { name: string; value: string }[] }).items.find(
      (one) => one.name === name,
    )?.value;
  expect(await value("registration")).toBe("off");
  expect((await call("PATCH", "/api/admin/settings", { registration: "on" })).status).toBe(200);
  expect(await value("registration")).toBe("on");
});

test("the last way to sign in is not switched off", async () => {
  expect((await call("PATCH", "/api/admin/settings", { localauth: "on" })).status).toBe(200);
  const refused = await call("PATCH", "/api/admin/settings", { localauth: "off", registration: "off" });
  expect([refused.status, refused.json]).toMatchObject([409, { error: { code: "conflict" } }]);
  const { json } = await call("GET", "/api/admin/settings");
  const items = (json as { items: { name: string; value: string }[] }).items;
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ name: "localauth", value: "on" })]));
});

test("stats count what was done, by whom, and what failed", async () => {
  const jobId = addQueuedJob(farm, { userId: ann, frames: "1-5" });
  const runner = await addTestRunner(farm, "r");
  const [held] = await ask(runner);
  const createdAtMs = farm.clock.nowMs();
  insertFrame(farm.db, { jobId, name: "frame_0001.exr", frame: 1, parts: 1, size: 100, sha256: "00", createdAtMs });
  farm.clock.advance(10);
  const failed = { kind: "failed", reason: "hung", message: "no" } as const;
  await endTask(farm, runner, { taskId: held!.task.id, attempt: held!.task.attempt, warnings: [], end: failed });
  expect((await call("GET", "/api/admin/stats")).json).toMatchObject({
    queue: { jobs: 1, tasksQueued: 5, tasksLeased: 0 },
    runners: { total: 1, online: 1, busy: 0, utilization: 0 },
    framesPerHour: 1,
    failures: { hung: 1 },
    users: [{ id: ann, name: "ann", frames: 1 }],
    runnerShares: [{ id: runner.id, name: "r", busySeconds: 10 }],
    storage: { frameBytes: 100, framesFiled: 1, bytesFiled: 100 },
  } as never);
});

test("what is stored is counted down again when a job is deleted; what was filed is not", async () => {
  const jobId = addQueuedJob(farm, { userId: ann });
  insertFrame(farm.db, { jobId, name: "frame_0001.exr", frame: 1, parts: 1, size: 100, sha256: "00", createdAtMs: 0 });
  for (const action of ["cancel", "delete"]) await call("POST", "/api/admin/jobs", { action, ids: [jobId] });
  expect((await call("GET", "/api/admin/stats")).json).toMatchObject({
    storage: { frameBytes: 0, framesFiled: 1, bytesFiled: 100 },
  } as never);
});

test("the Blenders of the runners that are there are listed, the newest first", async () => {
  await addTestRunner(farm, "a", { blender: "3.4.1" });
  await addTestRunner(farm, "b", { blender: "4.10.0" });
  await addTestRunner(farm, "c", { blender: "4.2.0" });
  expect((await call("GET", "/api/blender/versions")).json).toEqual({
    items: [
      ["4.10.0", "b"],
      ["4.2.0", "c"],
      ["3.4.1", "a"],
    ].map(([version, name]) => ({
      version,
      stored: false,
      onManager: false,
      runners: 1,
      runnerNames: [name],
      downloadable: false,
    })),
  } as never);
});

test("health says that the database can be written to, and how much room there is", async () => {
  expect((await call("GET", "/healthz", undefined, {})).json).toMatchObject({ status: "ok" } as never);
  farm.db.run("PRAGMA query_only = ON");
  expect(await call("GET", "/healthz", undefined, {})).toMatchObject({ status: 503 });
  farm.db.run("PRAGMA query_only = OFF");
});

test("metrics are for admins and their keys, in Prometheus' format, and no label holds what callers write", async () => {
  await call("GET", "/api/jobs/1");
  await call("GET", "/secret-path-of-somebody");
  await Bun.sleep(0); // a request is counted after its answer
  const key = (email: string) => ({
    authorization: `Bearer ${addKey(farm, { name: email, scope: "user", userEmail: email })}`,
  });
  expect((await call("GET", "/metrics", undefined, {})).status).toBe(401);
  expect((await call("GET", "/metrics", undefined, key("ann@x"))).status).toBe(403);
  const { status, text } = await call("GET", "/metrics", undefined, key("admin@x"));
  expect(status).toBe(200);
  const line = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? -?[0-9.e+-]+)$/;
  expect(
    text
      .trimEnd()
      .split("\n")
      .filter((one) => !line.test(one)),
  ).toEqual([]);
  expect(text).toContain('jiggablend_http_requests_total{method="GET",route="/api/jobs/:id",status="4xx"} 1');
  expect(text).toContain('jiggablend_runners{state="online"} 0');
  expect(text).not.toContain("secret-path");
});
