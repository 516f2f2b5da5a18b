import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { getJob } from "#manager/db/jobs.ts";
import { insertIdentity } from "#manager/db/identities.ts";
import { listAttempts } from "#manager/db/attempts.ts";
import { getTask } from "#manager/db/tasks.ts";
import { getUser } from "#manager/db/users.ts";
import { addKey, allKeys } from "#manager/services/keys.ts";
import { cancelJob } from "#manager/services/job-control.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { accountOf, accountsAfter, addAccount, changeAccount } from "#manager/services/managing-users.ts";
import { removeAccount, removeUser } from "#manager/services/removing-users.ts";
import { openSession, userOfSession } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { signIn } from "#manager/services/signing-in.ts";
import { outputFolder, uploadPath } from "#manager/storage/layout.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const VISITOR = { address: "192.0.2.1", userAgent: "", device: null };

let farm: MemoryFarm;
let adminId: number;
let annId: number;
beforeEach(async () => {
  farm = await memoryFarm();
  adminId = addTestUser(farm, "admin@example.com", true);
  annId = addTestUser(farm, "ann@example.com");
});
afterEach(() => farm[Symbol.asyncDispose]());

const session = (id: number) => openSession(farm, getUser(farm.db, id)!, { userAgent: "", address: "" });

describe("the list of accounts", () => {
  test("says how each may come in, and when it last did, and no hash", async () => {
    await session(annId);
    const identity = { provider: "google", subject: "x", userId: annId, email: "ann@gmail.example" } as const;
    insertIdentity(farm.db, { ...identity, createdAtMs: 0 });
    const [admin, ann] = accountsAfter(farm, 0, 10);
    expect(admin).toMatchObject({ id: adminId, admin: true, hasPassword: false, providers: [], lastSeenAtMs: null });
    expect(ann).toMatchObject({ providers: ["google"], lastSeenAtMs: farm.clock.nowMs() });
    expect(Object.keys(ann!)).not.toContain("passwordHash");
  });

  test("goes on after an id", () => {
    expect(accountsAfter(farm, adminId, 10).map(({ id }) => id)).toEqual([annId]);
    expect(accountsAfter(farm, 0, 1).map(({ id }) => id)).toEqual([adminId]);
  });
});

describe("an account that an admin makes", () => {
  test("can be entered with its password, and its address counts as verified", async () => {
    changeSetting(farm, "localauth", "on");
    const wishes = { email: "ben@example.com", name: "Ben", password: "mellow-otter-42", admin: false };
    expect(await addAccount(farm, wishes)).toMatchObject({ name: "Ben", emailVerified: true, hasPassword: true });
    expect((await signIn(farm, wishes, VISITOR)).user.name).toBe("Ben");
  });

  test("may have no password yet", async () => {
    const ben = await addAccount(farm, { email: "ben@example.com", password: null, admin: true });
    expect(ben).toMatchObject({ name: "ben", hasPassword: false, admin: true });
  });

  test("is refused a common password, and an address that is taken", async () => {
    const ben = { email: "ben@example.com", password: "password1234", admin: false };
    await expect(addAccount(farm, ben)).rejects.toMatchObject({ code: "bad_request" });
    const ann = { email: "Ann@example.com", password: null, admin: false };
    await expect(addAccount(farm, ann)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("an account that is changed", () => {
  test("keeps what was not named", async () => {
    await changeAccount(farm, annId, { name: "Ann B." });
    await changeAccount(farm, annId, { admin: true });
    expect(accountOf(farm, annId)).toMatchObject({ name: "Ann B.", admin: true, disabled: false });
  });

  test("when disabled is signed out for good, also once it is enabled again", async () => {
    const token = await session(annId);
    await changeAccount(farm, annId, { disabled: true });
    await changeAccount(farm, annId, { disabled: false });
    expect(userOfSession(farm, token)).toBeNull();
  });
});

describe("the last admin", () => {
  test.each([{ admin: false }, { disabled: true }])("is not changed to %p", async (change) => {
    await expect(changeAccount(farm, adminId, change)).rejects.toMatchObject({ code: "conflict" });
    expect(accountOf(farm, adminId)).toMatchObject({ admin: true, disabled: false });
  });

  test("is not removed, by nobody and nothing", async () => {
    await expect(removeAccount(farm, adminId, { kind: "keep" })).rejects.toMatchObject({ code: "conflict" });
    expect(() => removeUser(farm, "admin@example.com")).toThrow("is the last one");
  });

  test("is still the last while the other is disabled, or is the test account", async () => {
    await changeAccount(farm, annId, { admin: true });
    await changeAccount(farm, annId, { disabled: true });
    farm.db.run("INSERT INTO users (email, name, admin, local_only, created_at_ms) VALUES ('test@x', 'test', 1, 1, 0)");
    await expect(removeAccount(farm, adminId, { kind: "keep" })).rejects.toMatchObject({ code: "conflict" });
    removeUser(farm, "test@x");
  });

  test("may go once there is another; of two who go at once, one stays", async () => {
    await changeAccount(farm, annId, { admin: true });
    const both = [adminId, annId].map((id) => changeAccount(farm, id, { admin: false }));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a user who is removed", () => {
  const lease = async () => {
    const runner = await addTestRunner(farm, "anns", { ownerId: annId });
    const ask = { slots: 1, holding: [], waitMs: 0, abort: new AbortController().signal };
    const [granted] = await askForTasks(farm, runner, ask);
    return { runner, task: granted!.task };
  };

  test("takes sessions, keys and runners along; the jobs are canceled and stay with the admins", async () => {
    const token = await session(annId);
    addKey(farm, { name: "laptop", scope: "user", userEmail: "ann@example.com" });
    const jobId = addQueuedJob(farm, { userId: annId, frames: "1-3" });
    const { runner, task } = await lease();
    await removeAccount(farm, annId, { kind: "keep" });
    expect([getUser(farm.db, annId), userOfSession(farm, token), farm.runners.get(runner.id)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(allKeys(farm)).toEqual([]);
    expect(getJob(farm.db, jobId)).toMatchObject({ status: "canceled", userId: null });
    expect(getTask(farm.db, task.id)).toMatchObject({ status: "canceled", runnerId: null });
    expect(listAttempts(farm.db, task.id)).toMatchObject([{ outcome: "canceled" }]);
    expect([farm.leases.size(), farm.leases.countOfUser(annId)]).toEqual([0, 0]);
  });

  test("gives back what the user's own runner holds of others", async () => {
    const jobId = addQueuedJob(farm, { userId: annId, frames: "1" });
    const { task } = await lease();
    farm.db.run("UPDATE jobs SET user_id = ? WHERE id = ?", [adminId, jobId]);
    await removeAccount(farm, annId, { kind: "keep" });
    expect(getTask(farm.db, task.id)).toMatchObject({ status: "queued", runnerId: null });
    expect(getJob(farm.db, jobId)?.status).toBe("running");
  });

  test("leaves jobs that have ended as they are", async () => {
    const jobId = addQueuedJob(farm, { userId: annId });
    await cancelJob(farm, jobId);
    const endedAtMs = getJob(farm.db, jobId)?.endedAtMs;
    farm.clock.advance(60);
    await removeAccount(farm, annId, { kind: "keep" });
    expect(getJob(farm.db, jobId)?.endedAtMs).toBe(endedAtMs!);
  });

  test("can have the jobs deleted with their files", async () => {
    const jobId = addQueuedJob(farm, { userId: annId });
    const othersId = addQueuedJob(farm, { userId: adminId });
    const fileId = insertUpload(farm.db, { jobId, name: "scene.blend", size: 1, createdAtMs: 0 });
    const files = [uploadPath(farm.storage, fileId), `${outputFolder(farm.storage, jobId)}/frame_0001.exr`];
    for (const path of files) await Bun.write(path, "x");
    await removeAccount(farm, annId, { kind: "delete" });
    expect([getJob(farm.db, jobId), getJob(farm.db, othersId)?.status]).toEqual([null, "queued"]);
    expect(files.map((path) => existsSync(path))).toEqual([false, false]);
  });

  test("can have the jobs given to another, who goes on with them", async () => {
    const jobId = addQueuedJob(farm, { userId: annId });
    await removeAccount(farm, annId, { kind: "give", toUserId: adminId });
    expect(getJob(farm.db, jobId)).toMatchObject({ userId: adminId, status: "canceled" });
  });

  test.each([4711, "self"])("stays when the jobs are to be given to %p", async (to) => {
    const jobId = addQueuedJob(farm, { userId: annId });
    const toUserId = to === "self" ? annId : Number(to);
    await expect(removeAccount(farm, annId, { kind: "give", toUserId })).rejects.toMatchObject({ code: "bad_request" });
    expect(getJob(farm.db, jobId)).toMatchObject({ userId: annId, status: "queued" });
  });

  test("tells who watches that the jobs have ended", async () => {
    const jobId = addQueuedJob(farm, { userId: annId });
    const seq = farm.events.latest();
    await removeAccount(farm, annId, { kind: "keep" });
    expect(farm.events.next(seq)).toMatchObject({ type: "job", jobId, userId: null });
  });
});
