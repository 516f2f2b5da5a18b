import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Provider } from "#domain/identity.ts";
import { getUser, getUserByEmail, updateUser } from "#manager/db/users.ts";
import { addUser } from "#manager/services/accounts.ts";
import { disconnect, identitiesOf } from "#manager/services/identities.ts";
import { setOauthClient, unsetOauthClient } from "#manager/services/oauth-settings.ts";
import { beginOauth, endOauth, type OauthReturn } from "#manager/services/oauth-sign-in.ts";
import { register } from "#manager/services/registration.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";
import { CLIENT, startStandIn, type StandIn } from "../../support/stand-in-provider.ts";

const ANN = { sub: "ann-at-google", email: "ann@example.com", email_verified: true, name: "Ann" };
const VISITOR = { address: "192.0.2.1", userAgent: "", device: null };

let farm: MemoryFarm;
let provider: StandIn;

beforeEach(async () => {
  farm = await memoryFarm();
  provider = startStandIn(ANN);
  farm.access.oauthEndpoints = { google: provider.endpoints, discord: provider.endpoints };
  for (const name of ["google", "discord"] as const)
    setOauthClient(farm, name, { ...CLIENT, redirectUrl: `http://farm.example/api/auth/${name}/callback` });
  addTestUser(farm, "admin@example.com", true);
});
afterEach(async () => {
  provider[Symbol.dispose]();
  await farm[Symbol.asyncDispose]();
});

type Way = { provider?: Provider; connectUserId?: number | null; back?: Partial<OauthReturn> };

/** Goes to the provider and back; `back` changes what comes back. */
async function goThrough({ provider: name = "google", connectUserId = null, back = {} }: Way = {}) {
  const flow = { provider: name, next: "/jobs/7", connectUserId };
  const { url, browserSecret } = beginOauth(farm, flow, VISITOR.address);
  const { code, state } = await provider.consent(url);
  return endOauth(farm, { provider: name, state, code, error: null, browserSecret, signedInUserId: null, ...back });
}

describe("a person who signs in by a provider", () => {
  test("gets a new account while registration is enabled, and comes back to it the next time", async () => {
    changeSetting(farm, "registration", "on");
    const { user, flow } = await goThrough();
    expect(user).toMatchObject({ email: "ann@example.com", name: "Ann", admin: false, emailVerified: true });
    expect(user.passwordHash).toBeNull();
    expect(flow.next).toBe("/jobs/7");
    changeSetting(farm, "registration", "off");
    expect((await goThrough()).user.id).toBe(user.id);
  });

  test("gets none while registration is off", async () => {
    await expect(goThrough()).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("There is no account"),
    });
    expect(getUserByEmail(farm.db, "ann@example.com")).toBeNull();
  });

  test("gets the account of the same address that an admin made, whatever its case", async () => {
    const id = await addUser(farm, { email: "Ann@Example.com", password: "a long password", admin: true });
    const { user } = await goThrough();
    expect(user).toMatchObject({ id, admin: true });
    expect(identitiesOf(farm, id)).toMatchObject([{ provider: "google", subject: "ann-at-google" }]);
  });

  test("stays the same user when the address at the provider changes", async () => {
    const id = await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    await goThrough();
    provider.person = { ...ANN, email: "annie@example.com" };
    expect((await goThrough()).user.id).toBe(id);
  });

  test("does not get an account whose address nobody has verified, for its maker may lie in wait", async () => {
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
    const trap = { name: "Ann", email: "ann@example.com", password: "mellow-otter-42", setupToken: null };
    const { user } = await register(farm, trap, VISITOR);
    await expect(goThrough()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("nobody has verified"),
    });
    expect(identitiesOf(farm, user.id)).toEqual([]);
  });

  test("does not come in with an address that the provider has not verified", async () => {
    await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    for (const person of [{ ...ANN, email_verified: false }, { ...ANN, email_verified: "yes" }, { sub: "x" }]) {
      provider.person = person;
      await expect(goThrough()).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("is not verified"),
      });
    }
  });

  test("does not get the account of who had the address before at the provider", async () => {
    await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    await goThrough();
    provider.person = { ...ANN, sub: "another ann" };
    await expect(goThrough()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("another account"),
    });
  });

  test("does not come in when disabled", async () => {
    const id = await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    updateUser(farm.db, { ...getUser(farm.db, id)!, disabled: true });
    await expect(goThrough()).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("disabled"),
    });
    expect(identitiesOf(farm, id)).toEqual([]);
  });

  test("does not get the test account on a manager that others can reach", async () => {
    await addUser(farm, { email: "ann@example.com", password: "testpassword", admin: true, localOnly: true });
    farm.loopbackOnly = false;
    await expect(goThrough()).rejects.toMatchObject({ code: "forbidden" });
  });

  test("does not become the first user of a farm: that takes the setup token", async () => {
    changeSetting(farm, "registration", "on");
    farm.db.run("DELETE FROM users");
    await expect(goThrough()).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("setup token"),
    });
  });

  test("comes from Discord with what Discord says", async () => {
    changeSetting(farm, "registration", "on");
    provider.person = {
      id: "80351110224678912",
      username: "ben",
      global_name: "Ben B.",
      email: "ben@example.com",
      verified: true,
    };
    const { user } = await goThrough({ provider: "discord" });
    expect(user).toMatchObject({ email: "ben@example.com", name: "Ben B." });
    provider.person = { id: "1", username: "eve", email: "eve@example.com", verified: false };
    await expect(goThrough({ provider: "discord" })).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a way through a provider", () => {
  const begin = async () => {
    const { url, browserSecret } = beginOauth(
      farm,
      { provider: "google", next: "/", connectUserId: null },
      "192.0.2.1",
    );
    const back = await provider.consent(url);
    return { ...back, provider: "google", error: null, browserSecret, signedInUserId: null } as const;
  };

  beforeEach(() => changeSetting(farm, "registration", "on"));

  test("asks with a state and PKCE, for no more than who somebody is", () => {
    const { url } = beginOauth(farm, { provider: "google", next: "/", connectUserId: null }, "192.0.2.1");
    const query = Object.fromEntries(new URL(url).searchParams);
    expect(query).toMatchObject({
      response_type: "code",
      scope: "openid email profile",
      code_challenge_method: "S256",
    });
    expect(query["state"]).toHaveLength(43);
    expect(query["redirect_uri"]).toBe("http://farm.example/api/auth/google/callback");
    expect(url).not.toContain("secret");
  });

  test("can be gone once", async () => {
    const back = await begin();
    await endOauth(farm, back);
    await expect(endOauth(farm, back)).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test("can be gone only by the browser that began it, and still by that one after another has tried", async () => {
    const back = await begin();
    await expect(endOauth(farm, { ...back, browserSecret: "another's" })).rejects.toMatchObject({
      code: "sign_in_expired",
    });
    expect((await endOauth(farm, back)).user.email).toBe("ann@example.com");
  });

  test("can be gone for ten minutes", async () => {
    const back = await begin();
    farm.clock.advance(601);
    await expect(endOauth(farm, back)).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test("ends at the provider where it began", async () => {
    const back = await begin();
    await expect(endOauth(farm, { ...back, provider: "discord" })).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test("with a state that nobody gave leads nowhere", async () => {
    const back = {
      provider: "google",
      state: "made up",
      code: "x",
      error: null,
      browserSecret: "x",
      signedInUserId: null,
    };
    await expect(endOauth(farm, back as OauthReturn)).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test("ends with a no when the person says no", async () => {
    const back = { ...(await begin()), code: null, error: "access_denied" };
    await expect(endOauth(farm, back)).rejects.toMatchObject({ code: "sign_in_denied" });
  });

  test.each([
    ["temporarily_unavailable", "provider_unreachable"],
    ["server_error", "provider_unreachable"],
    ["invalid_scope", "provider_refused"],
    ["unauthorized_client", "provider_refused"],
  ])("that the provider ends with %s is told as that, not as one that took too long", async (error, code) => {
    const back = { ...(await begin()), code: null, error };
    await expect(endOauth(farm, back)).rejects.toMatchObject({ code });
  });

  test("is begun by one place only so often a minute", () => {
    const start = () => beginOauth(farm, { provider: "google", next: "/", connectUserId: null }, "192.0.2.1");
    for (let i = 0; i < 60; i += 1) start();
    expect(start).toThrow("Too many sign-ins were begun");
    farm.clock.advance(60);
    expect(start).not.toThrow();
  });

  test("is not there where the provider is not set up", async () => {
    unsetOauthClient(farm, "google");
    await expect(goThrough()).rejects.toMatchObject({
      code: "not_found",
      message: "Sign-in with Google is not set up here.",
    });
  });
});

describe("a provider", () => {
  const never = () => new Promise<Response>(() => {});
  beforeEach(() => changeSetting(farm, "registration", "on"));

  test.each([
    ["does not answer with a token", "tokenAnswer", never, "provider_unreachable"],
    ["is out of order", "tokenAnswer", () => new Response("oops", { status: 503 }), "provider_unreachable"],
    ["has had too many requests", "tokenAnswer", () => new Response("", { status: 429 }), "provider_unreachable"],
    ["does not answer who it is", "userInfoAnswer", never, "provider_unreachable"],
    ["is out of order afterwards", "userInfoAnswer", () => new Response("", { status: 500 }), "provider_unreachable"],
    ["leads elsewhere", "userInfoAnswer", () => Response.redirect("http://127.0.0.1:9/"), "provider_unreachable"],
    [
      "does not know the client",
      "tokenAnswer",
      () => Response.json({ error: "invalid_client" }, { status: 401 }),
      "provider_refused",
    ],
    [
      "has forgotten the code",
      "tokenAnswer",
      () => Response.json({ error: "invalid_grant" }, { status: 400 }),
      "sign_in_expired",
    ],
    ["answers with a page", "tokenAnswer", () => new Response("<html>"), "provider_refused"],
    ["gives no token", "tokenAnswer", () => Response.json({}), "provider_refused"],
    ["refuses the token", "userInfoAnswer", () => new Response("", { status: 403 }), "provider_refused"],
    ["says nothing of the person", "userInfoAnswer", () => Response.json(null), "provider_refused"],
    ["names no person", "userInfoAnswer", () => Response.json({ email: "ann@example.com" }), "provider_refused"],
    ["does not speak JSON", "userInfoAnswer", () => new Response("<html>"), "provider_refused"],
  ] as const)("that %s ends the sign-in with a sentence", async (_, endpoint, answer, code) => {
    provider[endpoint] = answer;
    if (answer === never) farm.access.oauthDeadlineMs = 50;
    await expect(goThrough()).rejects.toMatchObject({ name: "AppError", code });
  });

  test("that is not there at all ends the sign-in with a sentence", async () => {
    farm.access.oauthEndpoints = { google: { ...provider.endpoints, token: "http://127.0.0.1:9/token" } };
    await expect(goThrough()).rejects.toMatchObject({ code: "provider_unreachable" });
  });

  test("is never told another secret than its own, and the log says none", async () => {
    const said: string[] = [];
    farm.log = { ...farm.log, error: (message, fields) => void said.push(message + JSON.stringify(fields)) };
    setOauthClient(farm, "google", {
      clientId: "farm",
      clientSecret: "another-secret",
      redirectUrl: "http://farm.example/api/auth/google/callback",
    });
    await expect(goThrough()).rejects.toMatchObject({ code: "provider_refused" });
    expect(said.join()).not.toContain("another-secret");
  });
});

describe("a user who is signed in", () => {
  test("connects a provider, which verifies the address if it is the same", async () => {
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
    const person = { name: "Ann", email: "ann@example.com", password: "mellow-otter-42", setupToken: null };
    const { id } = (await register(farm, person, VISITOR)).user;
    const { user } = await goThrough({ connectUserId: id, back: { signedInUserId: id } });
    expect(user.id).toBe(id);
    expect(getUser(farm.db, id)?.emailVerified).toBe(true);
    expect((await goThrough()).user.id).toBe(id);
  });

  test("connects an account of another address, which verifies nothing", async () => {
    const id = addTestUser(farm, "ann@studio.example");
    updateUser(farm.db, { ...getUser(farm.db, id)!, emailVerified: false });
    await goThrough({ connectUserId: id, back: { signedInUserId: id } });
    expect(identitiesOf(farm, id)).toMatchObject([{ email: "ann@example.com" }]);
    expect(getUser(farm.db, id)?.emailVerified).toBe(false);
  });

  test("connects nothing for whoever is signed in by the end", async () => {
    const [ann, ben] = [addTestUser(farm, "ann@x"), addTestUser(farm, "ben@x")];
    const other = goThrough({ connectUserId: ann, back: { signedInUserId: ben } });
    await expect(other).rejects.toMatchObject({ code: "sign_in_expired" });
    await expect(goThrough({ connectUserId: ann })).rejects.toMatchObject({ code: "sign_in_expired" });
  });

  test("does not take over the connection of another user", async () => {
    const [ann, ben] = [addTestUser(farm, "ann@x"), addTestUser(farm, "ben@x")];
    await goThrough({ connectUserId: ann, back: { signedInUserId: ann } });
    const taken = goThrough({ connectUserId: ben, back: { signedInUserId: ben } });
    await expect(taken).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("another user here"),
    });
  });

  test("disconnects what is not the only way in", async () => {
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
    const id = await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    await goThrough();
    await disconnect(farm, id, "google");
    expect(identitiesOf(farm, id)).toEqual([]);
    provider.person = { ...ANN, email: "only@example.com", sub: "only" };
    const { user } = await goThrough();
    await expect(disconnect(farm, user.id, "google")).rejects.toMatchObject({ code: "conflict" });
  });

  test("keeps the only way in, also beside a password while those are off, and a provider that is not set up", async () => {
    const id = await addUser(farm, { email: "ann@example.com", password: "a long password", admin: false });
    await goThrough();
    provider.person = { id: "ann-at-discord", username: "ann", email: "ann@example.com", verified: true };
    await goThrough({ provider: "discord" });
    changeSetting(farm, "localauth", "off");
    unsetOauthClient(farm, "discord");
    await expect(disconnect(farm, id, "google")).rejects.toMatchObject({ code: "conflict" });
    await disconnect(farm, id, "discord");
    changeSetting(farm, "localauth", "on");
    await disconnect(farm, id, "google");
  });
});
