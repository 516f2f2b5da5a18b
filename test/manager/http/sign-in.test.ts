import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createApp, type App } from "#manager/http/app.ts";
import { addUser } from "#manager/services/accounts.ts";
import { addKey } from "#manager/services/keys.ts";
import { setOauthClient } from "#manager/services/oauth-settings.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";
import { CLIENT, startStandIn, type StandIn } from "../../support/stand-in-provider.ts";

const ANN = { email: "ann@example.com", password: "mellow-otter-42" };

let farm: MemoryFarm;
let app: App;

beforeEach(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
});
afterEach(() => farm[Symbol.asyncDispose]());

type Answer = { status: number; json: Record<string, unknown>; cookies: string[]; headers: Headers; text: string };

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const init = { method, headers: { ...type, ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await app.handle(new Request(`http://localhost${path}`, init));
  const text = await answer.text();
  const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: answer.status, json, cookies: answer.headers.getSetCookie(), headers: answer.headers, text };
}

const nameAndValue = (cookie: string): string => cookie.split(";")[0]!;
const cookiesOf = (answer: Answer) => ({ cookie: answer.cookies.map(nameAndValue).join("; ") });

describe("signing in", () => {
  beforeEach(async () => {
    changeSetting(farm, "localauth", "on");
    await addUser(farm, { ...ANN, admin: false });
  });

  test("sets cookies that no script sees and that no other site sends", async () => {
    const { status, json, cookies } = await call("POST", "/api/auth/login", ANN);
    expect([status, json["user"]]).toEqual([200, expect.objectContaining({ email: ANN.email, admin: false })]);
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["jiggablend_session", "jiggablend_device"]);
    for (const cookie of cookies) {
      expect(cookie).toContain("HttpOnly");
      expect(cookie).toMatch(/SameSite=Lax/i);
      expect(cookie).not.toContain("Secure");
    }
  });

  test("in a browser that is known sets the session alone", async () => {
    const first = await call("POST", "/api/auth/login", ANN);
    const again = await call("POST", "/api/auth/login", ANN, cookiesOf(first));
    expect(again.cookies.map((cookie) => cookie.split("=")[0])).toEqual(["jiggablend_session"]);
  });

  test.each(["/api/auth/login", "/api/auth/register", "/api/auth/password/reset"])(
    "by another site's page at %s is refused, though nobody need be signed in for it",
    async (path) => {
      const body = { ...ANN, token: "x", newPassword: "y" };
      const { status, cookies } = await call("POST", path, body, { origin: "https://evil.example" });
      expect([status, cookies]).toEqual([403, []]);
    },
  );

  test("ends with the cookie taken away", async () => {
    const session = cookiesOf(await call("POST", "/api/auth/login", ANN));
    const { status, cookies } = await call("POST", "/api/auth/logout", undefined, session);
    expect([status, cookies[0]]).toEqual([204, expect.stringMatching(/^jiggablend_session=;.*Max-Age=0/)]);
    expect((await call("GET", "/api/auth/me", undefined, session)).status).toBe(401);
  });

  test("that is refused for guessing says when to come back", async () => {
    for (let n = 0; n < 10; n += 1) await call("POST", "/api/auth/login", { ...ANN, password: "wrong" });
    const { status, json, headers } = await call("POST", "/api/auth/login", ANN);
    expect([status, json["error"]]).toEqual([429, expect.objectContaining({ code: "rate_limited" })]);
    expect(headers.get("retry-after")).not.toBeNull();
  });
});

test("sessions are listed and ended by their owner", async () => {
  changeSetting(farm, "localauth", "on");
  await addUser(farm, { ...ANN, admin: false });
  const [one, two] = [
    cookiesOf(await call("POST", "/api/auth/login", ANN)),
    cookiesOf(await call("POST", "/api/auth/login", ANN)),
  ];
  const { json } = await call("GET", "/api/auth/sessions", undefined, one);
  const items = json["items"] as { id: number; current: boolean }[];
  expect(items).toHaveLength(2);
  const other = items.find(({ current }) => !current)!;
  expect((await call("DELETE", `/api/auth/sessions/${other.id}`, undefined, one)).status).toBe(204);
  expect((await call("GET", "/api/auth/me", undefined, two)).status).toBe(401);
  expect((await call("DELETE", "/api/auth/sessions", undefined, one)).status).toBe(204);
  expect((await call("GET", "/api/auth/me", undefined, one)).status).toBe(200);
});

test("the first account is made with the setup token, and an admin's", async () => {
  const body = { name: "Ann", ...ANN };
  expect((await call("POST", "/api/auth/register", body)).status).toBe(403);
  const made = await call("POST", "/api/auth/register", { ...body, setupToken: farm.access.setupToken.value() });
  expect([made.status, made.json["user"]]).toEqual([201, expect.objectContaining({ admin: true })]);
  expect((await call("GET", "/api/admin/users", undefined, cookiesOf(made))).status).toBe(200);
});

test("an admin gives a link, and by it a user sets a password", async () => {
  const setupToken = farm.access.setupToken.value();
  const admin = cookiesOf(await call("POST", "/api/auth/register", { name: "Ann", ...ANN, setupToken }));
  const ben = await call("POST", "/api/admin/users", { email: "ben@example.com" }, admin);
  expect([ben.status, ben.json["hasPassword"]]).toEqual([201, false]);
  const link = await call("POST", `/api/admin/users/${ben.json["id"]}/reset-link`, undefined, {
    ...admin,
    host: "farm.example",
  });
  expect(link.json["url"]).toMatch(/^http:\/\/farm\.example\/reset\?token=[\w-]{43}$/);
  const token = new URL(String(link.json["url"])).searchParams.get("token");
  const newPassword = "another-fine-heron";
  expect((await call("POST", "/api/auth/password/reset", { token, newPassword })).status).toBe(204);
  expect((await call("POST", "/api/auth/password/reset", { token, newPassword })).status).toBe(410);
  expect((await call("POST", "/api/auth/login", { email: "ben@example.com", password: newPassword })).status).toBe(200);
});

test("a user makes, lists and revokes keys; the key itself is told once", async () => {
  const setupToken = farm.access.setupToken.value();
  const ann = cookiesOf(await call("POST", "/api/auth/register", { name: "Ann", ...ANN, setupToken }));
  const made = await call("POST", "/api/keys", { name: "laptop" }, ann);
  const { id, key } = made.json as { id: number; key: string };
  const bearer = { authorization: `Bearer ${key}` };
  expect((await call("GET", "/api/auth/me", undefined, bearer)).status).toBe(200);
  const listed = await call("GET", "/api/keys", undefined, ann);
  expect(listed.text).not.toContain(key);
  expect(listed.json["items"]).toEqual([
    expect.objectContaining({ id, name: "laptop", lastUsedAt: expect.any(String) }),
  ]);
  expect((await call("DELETE", `/api/keys/${id}`, undefined, ann)).status).toBe(204);
  expect((await call("GET", "/api/auth/me", undefined, bearer)).status).toBe(401);
});

test("wrong keys are limited, and the right one never", async () => {
  addTestUser(farm, "ann@example.com");
  const good = addKey(farm, { name: "good", scope: "user", userEmail: "ann@example.com" });
  const status = async (key: string) =>
    (await call("GET", "/api/auth/me", undefined, { authorization: `Bearer ${key}` })).status;
  const wrong = await Promise.all(Array.from({ length: 301 }, (_, n) => status(`jk_r0_${n}`)));
  expect([wrong.filter((one) => one === 401).length, wrong.filter((one) => one === 429).length]).toEqual([300, 1]);
  expect(await status(good)).toBe(200);
  farm.clock.advance(60);
  expect(await status("jk_r0_wrong")).toBe(401);
});

describe("signing in by a provider", () => {
  let provider: StandIn;
  const CALLBACK = "/api/auth/google/callback";

  beforeEach(async () => {
    provider = startStandIn({ sub: "ann", email: ANN.email, email_verified: true, name: "Ann" });
    farm.access.oauthEndpoints = { google: provider.endpoints };
    await addUser(farm, { ...ANN, admin: false });
    setOauthClient(farm, "google", { ...CLIENT, redirectUrl: `http://localhost${CALLBACK}` });
  });
  afterEach(() => provider[Symbol.dispose]());

  /** Begins, consents at the provider, and returns what the browser comes back with. */
  async function goAndReturn(query = "") {
    const start = await call("GET", `/api/auth/google/login${query}`);
    const { code, state } = await provider.consent(start.headers.get("location")!);
    return { start, path: `${CALLBACK}?code=${code}&state=${state}`, cookie: cookiesOf(start) };
  }

  test("leads there with a secret for the browser, and back to where one wanted to go, signed in", async () => {
    const { start, path, cookie } = await goAndReturn("?next=/jobs/7");
    expect(start.status).toBe(302);
    expect(start.cookies[0]).toMatch(/^jiggablend_oauth=[\w-]{43};.*Path=\/api\/auth;.*HttpOnly/);
    const back = await call("GET", path, undefined, cookie);
    expect([back.status, back.headers.get("location")]).toEqual([302, "/jobs/7"]);
    expect(back.cookies[0]).toMatch(/^jiggablend_oauth=;.*Max-Age=0/);
    const session = back.cookies.find((one) => one.startsWith("jiggablend_session="))!;
    expect((await call("GET", "/api/auth/me", undefined, { cookie: nameAndValue(session) })).status).toBe(200);
  });

  test("never leads to another site afterwards", async () => {
    const { path, cookie } = await goAndReturn("?next=//evil.example");
    expect((await call("GET", path, undefined, cookie)).headers.get("location")).toBe("/jobs");
  });

  test("ends in a page that says so, in a browser without the secret, twice, and after a no", async () => {
    const html = { accept: "text/html" };
    const { path, cookie } = await goAndReturn();
    const elsewhere = await call("GET", path, undefined, html);
    expect([elsewhere.status, elsewhere.cookies]).toEqual([400, []]);
    expect(elsewhere.text).toContain("<h1>Sign-in has expired</h1>");
    expect((await call("GET", path, undefined, cookie)).status).toBe(302);
    expect((await call("GET", path, undefined, { ...html, ...cookie })).text).toContain("Sign-in has expired");
    const denied = await goAndReturn();
    const state = new URLSearchParams(denied.path.split("?")[1]).get("state");
    const no = await call("GET", `${CALLBACK}?error=access_denied&state=${state}`, undefined, {
      ...html,
      ...denied.cookie,
    });
    expect([no.status, no.text]).toEqual([403, expect.stringContaining("<h1>Sign-in was denied</h1>")]);
    expect(no.text).toContain('href="/login"');
  });

  test("is JSON to a program that goes wrong", async () => {
    const { json, status } = await call("GET", CALLBACK);
    expect([status, json["error"]]).toEqual([400, expect.objectContaining({ code: "sign_in_expired" })]);
  });

  test("connects an account only for who is signed in", async () => {
    expect((await call("GET", "/api/auth/google/login?connect=true")).status).toBe(401);
  });

  test("tells nobody the client's secret", async () => {
    const start = await call("GET", "/api/auth/google/login");
    expect(JSON.stringify([...start.headers])).not.toContain(CLIENT.clientSecret);
  });
});
