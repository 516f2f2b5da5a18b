import { afterEach, beforeEach, expect, test } from "bun:test";
import { deleteUser, getUser, updateUser } from "#manager/db/users.ts";
import { addUser, changePassword, setPassword } from "#manager/services/accounts.ts";
import { addKey, findKey } from "#manager/services/keys.ts";
import { createResetLink, isResetLinkGood } from "#manager/services/reset-links.ts";
import {
  openSession,
  revokeOtherSessions,
  revokeSession,
  sessionsOf,
  userOfSession,
} from "#manager/services/sessions.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const DAY_SECONDS = 24 * 3600;
const PASSWORD = "mellow-otter-42";

let farm: MemoryFarm;
let annId: number;
beforeEach(async () => {
  farm = await memoryFarm();
  annId = await addUser(farm, { email: "ann@example.com", password: PASSWORD, admin: false });
});
afterEach(() => farm[Symbol.asyncDispose]());

async function open(userId = annId, userAgent = "a browser"): Promise<{ token: string; hash: string }> {
  const token = await openSession(farm, getUser(farm.db, userId)!, { userAgent, address: "192.0.2.1" });
  return { token, hash: userOfSession(farm, token)!.sessionHash };
}

test("a session ends thirty days after it was last used", async () => {
  const { token } = await open();
  farm.clock.advance(29 * DAY_SECONDS);
  expect(userOfSession(farm, token)?.user.id).toBe(annId);
  farm.clock.advance(29 * DAY_SECONDS);
  expect(userOfSession(farm, token)?.user.id).toBe(annId);
  farm.clock.advance(30 * DAY_SECONDS);
  expect(userOfSession(farm, token)).toBeNull();
  expect(sessionsOf(farm, annId, "")).toEqual([]);
});

test("the list tells the sessions apart, the one used last first, and not their tokens", async () => {
  const older = await open(annId, "Firefox");
  farm.clock.advance(60);
  const newer = await open(annId, "Chrome");
  const listed = sessionsOf(farm, annId, older.hash);
  expect(listed.map(({ userAgent, current }) => [userAgent, current])).toEqual([
    ["Chrome", false],
    ["Firefox", true],
  ]);
  for (const secret of [older.token, older.hash, newer.token, newer.hash])
    expect(JSON.stringify(listed)).not.toContain(secret);
});

test("one is ended by its id, by its owner alone", async () => {
  const [mine, other] = [await open(), await open()];
  const benId = addTestUser(farm, "ben@example.com");
  const id = sessionsOf(farm, annId, other.hash).find(({ current }) => current)!.id;
  await expect(revokeSession(farm, benId, id)).rejects.toMatchObject({ code: "not_found" });
  await revokeSession(farm, annId, id);
  expect(userOfSession(farm, other.token)).toBeNull();
  expect(userOfSession(farm, mine.token)).not.toBeNull();
  await expect(revokeSession(farm, annId, id)).rejects.toMatchObject({ code: "not_found" });
});

test("all but one's own are ended together, nobody else's", async () => {
  const [mine, other, bens] = [await open(), await open(), await open(addTestUser(farm, "ben@example.com"))];
  await revokeOtherSessions(farm, annId, mine.hash);
  expect([mine, other, bens].map(({ token }) => userOfSession(farm, token) !== null)).toEqual([true, false, true]);
});

test("a new password ends the other sessions; one from the command line ends all", async () => {
  const [mine, other] = [await open(), await open()];
  const change = { userId: annId, oldPassword: PASSWORD, newPassword: "another-fine-heron", sessionHash: mine.hash };
  await changePassword(farm, change);
  expect([mine, other].map(({ token }) => userOfSession(farm, token) !== null)).toEqual([true, false]);
  await setPassword(farm, "ANN@example.com", "from the command line");
  expect(userOfSession(farm, mine.token)).toBeNull();
});

test("a common password is not taken for the old one", async () => {
  const change = { userId: annId, oldPassword: PASSWORD, newPassword: "password1234", sessionHash: null };
  await expect(changePassword(farm, change)).rejects.toMatchObject({ code: "bad_request" });
});

test("a user who is disabled has no session", async () => {
  const { token } = await open();
  updateUser(farm.db, { ...getUser(farm.db, annId)!, disabled: true });
  expect(userOfSession(farm, token)).toBeNull();
});

test("the right password of an account that is removed, or gets another one, at the same time opens no session", async () => {
  const ann = getUser(farm.db, annId)!;
  const from = { userAgent: "a browser", address: "192.0.2.1" };
  const change = { userId: annId, oldPassword: PASSWORD, newPassword: "another-fine-heron", sessionHash: null };
  await changePassword(farm, change);
  await expect(openSession(farm, ann, from)).rejects.toMatchObject({ code: "unauthorized" });
  deleteUser(farm.db, annId);
  await expect(openSession(farm, ann, from)).rejects.toMatchObject({ code: "unauthorized" });
});

test("of two who know the old password and change it at once, one does", async () => {
  const change = (newPassword: string) =>
    changePassword(farm, { userId: annId, oldPassword: PASSWORD, newPassword, sessionHash: null });
  const changes = await Promise.allSettled([change("another-fine-heron"), change("a-third-fine-heron")]);
  expect(changes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a new password makes a reset link worthless", async () => {
  const { token: first } = await createResetLink(farm, annId);
  const change = { userId: annId, oldPassword: PASSWORD, newPassword: "another-fine-heron", sessionHash: null };
  await changePassword(farm, change);
  expect(isResetLinkGood(farm, first)).toBe(false);
  const { token: second } = await createResetLink(farm, annId);
  await setPassword(farm, "ann@example.com", "from the command line");
  expect(isResetLinkGood(farm, second)).toBe(false);
});

test("a session and a key are good also where their use cannot be noted, on a full disk", async () => {
  const { token } = await open();
  const secret = addKey(farm, { name: "a key", scope: "manager", userEmail: null });
  farm.clock.advance(2 * 3600);
  farm.db.run("PRAGMA query_only = ON");
  expect(userOfSession(farm, token)?.user.id).toBe(annId);
  expect(findKey(farm, secret)?.name).toBe("a key");
  farm.db.run("PRAGMA query_only = OFF");
});
