import { afterEach, beforeEach, expect, test } from "bun:test";
import { getUser } from "#manager/db/users.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { changeAccount } from "#manager/services/managing-users.ts";
import { removeAccount } from "#manager/services/removing-users.ts";
import { openSession, revokeSession, sessionsOf } from "#manager/services/sessions.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let app: App;
let annId: number;
let cookie: string;

beforeEach(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  addTestUser(farm, "root@example.com", true);
  annId = addTestUser(farm, "ann@example.com", true);
  const token = await openSession(farm, getUser(farm.db, annId)!, { userAgent: "", address: "192.0.2.1" });
  cookie = `jiggablend_session=${token}`;
});
afterEach(() => farm[Symbol.asyncDispose]());

/** Sends the one half of a body, waits for `between`, and sends the other. */
async function sendSlowly(method: string, path: string, body: unknown, between: () => Promise<unknown>) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const slow = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes.slice(0, 5));
      await Bun.sleep(5);
      await between();
      controller.enqueue(bytes.slice(5));
      controller.close();
    },
  });
  const headers = { cookie, "content-type": "application/json" };
  const answer = await app.handle(new Request(`http://localhost${path}`, { method, headers, body: slow }));
  return answer.status;
}

test("who is no admin any more when the rest of a request arrives changes nothing as one", async () => {
  const path = `/api/admin/users/${annId}`;
  const demote = () => changeAccount(farm, annId, { admin: false });
  expect(await sendSlowly("PATCH", path, { admin: true }, demote)).toBe(403);
  expect(getUser(farm.db, annId)?.admin).toBe(false);
});

test("who has signed out meanwhile gets no key", async () => {
  const id = sessionsOf(farm, annId, "")[0]!.id;
  expect(await sendSlowly("POST", "/api/keys", { name: "mine" }, () => revokeSession(farm, annId, id))).toBe(401);
});

test("who was removed meanwhile makes no job", async () => {
  const remove = () => removeAccount(farm, annId, { kind: "keep" });
  expect(await sendSlowly("POST", "/api/jobs", { name: "a job" }, remove)).toBe(401);
});

test("a browser is told that its session goes on, at most once an hour", async () => {
  const me = () => new Request("http://localhost/api/auth/me", { headers: { cookie } });
  const ask = async () => (await app.handle(me())).headers;
  expect((await ask()).getSetCookie()).toEqual([]);
  farm.clock.advance(2 * 3600);
  expect((await ask()).getSetCookie()).toEqual([
    expect.stringContaining(`${cookie}; Path=/; Max-Age=${30 * 24 * 3600};`),
  ]);
  expect((await ask()).getSetCookie()).toEqual([]);
});
