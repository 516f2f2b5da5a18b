import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { getUser, getUserByEmail, setPasswordHash } from "#manager/db/users.ts";
import { addUser } from "#manager/services/accounts.ts";
import { insertIdentity } from "#manager/db/identities.ts";
import { findKey, keysOf } from "#manager/services/keys.ts";
import { setOauthClient } from "#manager/services/oauth-settings.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { openSession, sessionsOf } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { hashPassword } from "#system/passwords.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, stranger, type Visitor } from "./support/visitor.ts";

const PASSWORD = "mellow-otter-42";
const NEW = "another-fine-heron";

let farm: MemoryFarm;
beforeEach(async () => {
  farm = await memoryFarm();
});
afterEach(() => farm[Symbol.asyncDispose]());

describe("the account page", () => {
  let ann: Visitor;
  beforeEach(async () => {
    ann = await signedIn(farm, "ann@example.com");
    setPasswordHash(farm.db, ann.id, await hashPassword(PASSWORD));
  });

  test("is for who is signed in", async () => {
    const { status, location } = await stranger(farm).get("/account");
    expect([status, location]).toEqual([303, "/login?next=%2Faccount"]);
  });

  test("is led to by one's name", async () => {
    const { page } = await ann.get("/jobs");
    expect(find(page, "a", { href: "/account" })).toHaveLength(1);
  });

  test("shows a new key once", async () => {
    const { page } = await ann.post("/account/keys", { name: "laptop" });
    const key = /jk_r0_[\w-]{43}/.exec(page)![0];
    expect(findKey(farm, key)?.userId).toBe(ann.id);
    const later = await ann.get("/account");
    expect(later.page).not.toContain(key);
    expect(textOf(later.page)).toContain(`laptop ${key.slice(0, 12)}…`);
  });

  test("says why a key cannot be made, beside the form", async () => {
    const { status, page } = await ann.post("/account/keys", { name: "a/b" });
    expect([status, textOf(page).includes("A key's name has")]).toEqual([400, true]);
  });

  test("revokes a key", async () => {
    await ann.post("/account/keys", { name: "laptop" });
    const { id } = keysOf(farm, ann.id)[0]!;
    expect((await ann.post(`/account/keys/${id}/revoke`)).location).toBe("/account");
    expect(keysOf(farm, ann.id)).toEqual([]);
  });

  test("ends one session, or all others", async () => {
    const open = () => openSession(farm, getUser(farm.db, ann.id)!, { userAgent: "another", address: "192.0.2.9" });
    for (let n = 0; n < 3; n += 1) await open();
    const { page } = await ann.get("/account");
    expect(textOf(page)).toContain("192.0.2.9");
    const ends = find(page, "form").map((form) => attributeOf(form, "action") ?? "");
    const one = ends.find((action) => /sessions\/\d+\/end/.test(action))!;
    await ann.post(one);
    expect(sessionsOf(farm, ann.id, "")).toHaveLength(3);
    await ann.post("/account/sessions/end-others");
    expect(sessionsOf(farm, ann.id, "")).toHaveLength(1);
    expect((await ann.get("/account")).status).toBe(200);
  });

  test("changes the password, and says so", async () => {
    const change = { oldPassword: PASSWORD, newPassword: NEW };
    const { location } = await ann.post("/account/password", change);
    expect(textOf((await ann.get(location!)).page)).toContain("The password is changed.");
    const wrong = await ann.post("/account/password", change);
    expect([wrong.status, textOf(wrong.page).includes("The old password is wrong.")]).toEqual([401, true]);
  });

  test("says nothing of what was not done", async () => {
    expect(textOf((await ann.get("/account")).page)).not.toContain("is changed");
    expect(textOf((await stranger(farm).get("/login")).page)).not.toContain("is set");
  });

  test("offers to connect what is set up, and to disconnect what is connected", async () => {
    changeSetting(farm, "localauth", "on"); // what signs in by nothing else stays connected
    const redirectUrl = "http://localhost/api/auth/google/callback";
    setOauthClient(farm, "google", { clientId: "x", clientSecret: "y", redirectUrl });
    const before = await ann.get("/account");
    expect(find(before.page, "a", { href: "/api/auth/google/login?connect=true&next=/account" })).toHaveLength(1);
    const identity = { provider: "google", subject: "x", userId: ann.id, email: "ann@gmail.example" } as const;
    insertIdentity(farm.db, { ...identity, createdAtMs: 0 });
    expect(textOf((await ann.get("/account")).page)).toContain("ann@gmail.example");
    expect((await ann.post("/account/identities/google/end")).location).toBe("/account");
    expect(textOf((await ann.get("/account")).page)).not.toContain("ann@gmail.example");
  });

  test("does nothing that another site's page asks for", async () => {
    for (const path of [
      "password",
      "keys",
      "keys/1/revoke",
      "sessions/1/end",
      "sessions/end-others",
      "identities/google/end",
    ])
      expect((await ann.post(`/account/${path}`, {}, { origin: "http://elsewhere.example" })).status).toBe(403);
  });
});

describe("the page for a new account", () => {
  const form = { name: "Ann", email: "ann@example.com", newPassword: PASSWORD };

  test("takes the setup token from the address that the manager prints, and makes the first admin", async () => {
    const setupToken = farm.access.setupToken.value()!;
    const { page } = await stranger(farm).get(`/register?setup=${setupToken}`);
    expect(find(page, "input", { name: "setupToken", value: setupToken })).toHaveLength(1);
    const { location, headers } = await stranger(farm).post("/register", { ...form, setupToken });
    expect([location, headers.get("set-cookie")?.includes("jiggablend_session=")]).toEqual(["/jobs", true]);
    expect(getUserByEmail(farm.db, "ann@example.com")?.admin).toBe(true);
  });

  test("is closed while registration is off", async () => {
    addTestUser(farm, "admin@example.com", true);
    const { page } = await stranger(farm).get("/register");
    expect(textOf(page)).toContain("Registration is off");
    expect(find(page, "input")).toEqual([]);
    expect((await stranger(farm).post("/register", form)).status).toBe(403);
  });

  test("says what is wrong beside the form, and keeps what was typed but the password", async () => {
    addTestUser(farm, "admin@example.com", true);
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
    const { status, page } = await stranger(farm).post("/register", { ...form, newPassword: "password1234" });
    expect([status, textOf(page).includes("This password is a common one")]).toEqual([400, true]);
    expect(find(page, "input", { name: "email", value: form.email })).toHaveLength(1);
    expect(page).not.toContain("password1234");
  });

  test("is linked from the sign-in page where it is open, and only there", async () => {
    addTestUser(farm, "admin@example.com", true);
    const links = async () => find((await stranger(farm).get("/login")).page, "a", { href: "/register" }).length;
    expect(await links()).toBe(0);
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
    expect(await links()).toBe(1);
  });
});

describe("the page behind a reset link", () => {
  let annId: number;
  beforeEach(async () => {
    annId = await addUser(farm, { email: "ann@example.com", password: PASSWORD, admin: false });
  });

  test("sets the password, and leads to where it is needed", async () => {
    const { token } = await createResetLink(farm, annId);
    const { page } = await stranger(farm).get(`/reset?token=${token}`);
    expect(find(page, "input", { name: "token", value: token })).toHaveLength(1);
    const { location } = await stranger(farm).post("/reset", { token, newPassword: NEW });
    expect(textOf((await stranger(farm).get(location!)).page)).toContain("The password is set.");
    expect(textOf((await stranger(farm).get(`/reset?token=${token}`)).page)).toContain("expired, or was used");
  });

  test("keeps the link when the password will not do", async () => {
    const { token } = await createResetLink(farm, annId);
    const { status, page } = await stranger(farm).post("/reset", { token, newPassword: "short" });
    expect([status, textOf(page).includes("at least 12")]).toEqual([400, true]);
    expect(find(page, "input", { name: "token", value: token })).toHaveLength(1);
  });

  test.each(["/reset", "/reset?token=made-up"])("is a dead end at %s", async (path) => {
    const { page } = await stranger(farm).get(path);
    expect(textOf(page)).toContain("expired, or was used");
    expect(find(page, "form")).toEqual([]);
  });
});

test("the sign-in page has a button for each provider that is set up, which keeps where one wants to go", async () => {
  addTestUser(farm, "admin@example.com", true);
  for (const provider of ["google", "discord"] as const) {
    const redirectUrl = `http://localhost/api/auth/${provider}/callback`;
    setOauthClient(farm, provider, { clientId: "x", clientSecret: "y", redirectUrl });
  }
  const { page } = await stranger(farm).get("/login?next=/jobs/7");
  for (const provider of ["google", "discord"])
    expect(find(page, "a", { href: `/api/auth/${provider}/login?next=%2Fjobs%2F7` })).toHaveLength(1);
  expect(textOf(page)).not.toContain("manager config enable localauth");
});
