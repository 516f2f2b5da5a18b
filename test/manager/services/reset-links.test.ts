import { afterEach, beforeEach, expect, test } from "bun:test";
import { addUser } from "#manager/services/accounts.ts";
import { createResetLink, isResetLinkGood, resetPassword } from "#manager/services/reset-links.ts";
import { userOfSession } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { signIn } from "#manager/services/signing-in.ts";
import { tidyUp } from "#manager/services/tidying.ts";
import { memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const ANN = { email: "ann@example.com", password: "mellow-otter-42" };
const NEW = "another-fine-heron";
const VISITOR = { address: "192.0.2.1", userAgent: "", device: null };

let farm: MemoryFarm;
let annId: number;
beforeEach(async () => {
  farm = await memoryFarm();
  changeSetting(farm, "localauth", "on");
  annId = await addUser(farm, { ...ANN, admin: false });
});
afterEach(() => farm[Symbol.asyncDispose]());

test("a link sets a new password, once, and ends all sessions", async () => {
  const { sessionToken } = await signIn(farm, ANN, VISITOR);
  const { token } = await createResetLink(farm, annId);
  await resetPassword(farm, token, NEW);
  expect(userOfSession(farm, sessionToken)).toBeNull();
  await expect(signIn(farm, ANN, VISITOR)).rejects.toMatchObject({ code: "wrong_credentials" });
  expect((await signIn(farm, { ...ANN, password: NEW }, VISITOR)).user.id).toBe(annId);
  await expect(resetPassword(farm, token, "a third long password")).rejects.toMatchObject({ code: "link_expired" });
});

test("used twice at once it sets one of the passwords", async () => {
  const { token } = await createResetLink(farm, annId);
  const outcomes = await Promise.allSettled([resetPassword(farm, token, NEW), resetPassword(farm, token, NEW)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a link is good for a day, and then forgotten", async () => {
  const { token, expiresAtMs } = await createResetLink(farm, annId);
  expect(expiresAtMs - farm.clock.nowMs()).toBe(24 * 3600 * 1000);
  farm.clock.advance(24 * 3600 - 1);
  expect(isResetLinkGood(farm, token)).toBe(true);
  farm.clock.advance(1);
  expect(isResetLinkGood(farm, token)).toBe(false);
  await tidyUp(farm);
  expect(farm.db.query("SELECT * FROM reset_links").all()).toEqual([]);
});

test("a newer link makes the older one worthless", async () => {
  const older = await createResetLink(farm, annId);
  const newer = await createResetLink(farm, annId);
  expect([isResetLinkGood(farm, older.token), isResetLinkGood(farm, newer.token)]).toEqual([false, true]);
});

test("a password that will not do leaves the link as it was", async () => {
  const { token } = await createResetLink(farm, annId);
  await expect(resetPassword(farm, token, "short")).rejects.toMatchObject({ code: "bad_request" });
  await expect(resetPassword(farm, token, "password1234")).rejects.toMatchObject({ code: "bad_request" });
  expect(isResetLinkGood(farm, token)).toBe(true);
});

test("the database does not keep the link itself", async () => {
  const { token } = await createResetLink(farm, annId);
  expect(JSON.stringify(farm.db.query("SELECT * FROM reset_links").all())).not.toContain(token);
});

test("there is none for nobody", async () => {
  await expect(createResetLink(farm, 4711)).rejects.toMatchObject({ code: "not_found" });
});
