import { afterAll, beforeAll, expect, test } from "bun:test";
import { getUser } from "#manager/db/users.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { cancelJob } from "#manager/services/job-control.ts";
import { openSession } from "#manager/services/sessions.ts";
import { addQueuedJob, addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;
let cookie: string;
let ann: number;

beforeAll(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  app.listen({ hostname: "127.0.0.1", port: 0 });
  ann = addTestUser(farm, "ann@x");
  const token = await openSession(farm, getUser(farm.db, ann)!, { userAgent: "test", address: "test" });
  cookie = `jiggablend_session=${token}`;
});

afterAll(async () => {
  await app.stop(true);
  await farm[Symbol.asyncDispose]();
});

const HANDSHAKE = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

const call = (headers: Record<string, string>) =>
  fetch(`http://127.0.0.1:${app.server!.port}/api/jobs/ws`, { headers });

test("who calls is settled before the socket is there", async () => {
  expect((await call(HANDSHAKE)).status).toBe(401);
  expect((await call({ ...HANDSHAKE, authorization: "Bearer jk_r0_wrong" })).status).toBe(401);
  expect((await call({ ...HANDSHAKE, cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await call({ ...HANDSHAKE, cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
});

test("what is no WebSocket is told so", async () => {
  expect((await call({ cookie })).status).toBe(426);
});

test("a socket hears of changes, and is closed when the manager stops", async () => {
  const jobId = addQueuedJob(farm, { userId: ann });
  const socket = new WebSocket(`ws://127.0.0.1:${app.server!.port}/api/jobs/ws`, { headers: { cookie } } as never);
  const said: { type: string; jobId?: number }[] = [];
  const next = (count: number) =>
    new Promise<void>((resolve) => {
      socket.onmessage = (event) => {
        said.push(JSON.parse(String(event.data)) as { type: string });
        if (said.length === count) resolve();
      };
    });
  await new Promise((resolve) => (socket.onopen = resolve));
  const two = next(2);
  socket.send("{ no JSON");
  socket.send(JSON.stringify({ subscribe: [jobId] }));
  await two;
  expect(said.map(({ type }) => type)).toEqual(["error", "subscribed"]);
  const one = next(3);
  await cancelJob(farm, jobId);
  await one;
  expect(said.at(-1)).toMatchObject({ type: "job", jobId, job: { status: "canceled" } } as never);
  const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  farm.stop();
  expect((await closed).code).toBe(1001);
});
