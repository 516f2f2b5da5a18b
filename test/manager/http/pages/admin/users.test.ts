import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { getJob } from "#manager/db/jobs.ts";
import { getUser, getUserByEmail } from "#manager/db/users.ts";
import { allKeys } from "#manager/services/keys.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { addQueuedJob, memoryFarm, type MemoryFarm } from "../../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../../web/support/parse.ts";
import { signedIn, stranger, type Visitor } from "../support/visitor.ts";

let farm: MemoryFarm;
let admin: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  changeSetting(farm, "localauth", "on");
  admin = await signedIn(farm, "admin@x", true);
});
afterAll(() => farm[Symbol.asyncDispose]());

const userOf = (email: string) => getUserByEmail(farm.db, email);

describe("adding a user", () => {
  test("gives a link to send, by which they choose a password and come in", async () => {
    const added = await admin.post("/admin/users", { email: "ann@example.com", name: "Ann" });
    const link = textOf(added.page).match(/http:\/\/localhost(\/reset\?token=\S+)/)![1]!;
    const nobody = stranger(farm);
    expect(textOf((await nobody.get(link)).page)).toContain("New password");
    const token = new URL(link, "http://x").searchParams.get("token")!;
    await nobody.post("/reset", { token, newPassword: "a mellow otter 42" });
    expect((await nobody.post("/login", { email: "ann@example.com", password: "a mellow otter 42" })).status).toBe(303);
    expect(userOf("ann@example.com")).toMatchObject({ name: "Ann", admin: false, emailVerified: true });
  });

  test("tells what will not do, and keeps what was typed", async () => {
    const refused = await admin.post("/admin/users", { email: "ann@example.com", name: "Another", admin: "on" });
    expect(refused.status).toBe(409);
    expect(textOf(refused.page)).toContain("There is a user ann@example.com already.");
    expect(attributeOf(find(refused.page, "input", { name: "name" })[0], "value")).toBe("Another");
    expect(find(refused.page, "details", { id: "add", open: "" })).toHaveLength(1);
  });
});

describe("a user", () => {
  test("is made an admin and none again, disabled and enabled, vouched for, and renamed", async () => {
    const { id } = userOf("ann@example.com")!;
    const press = async (what: string, fields = {}) => {
      expect((await admin.post(`/admin/users/${id}/${what}`, fields)).location).toBe(`/admin/users/${id}?done=saved`);
      return getUser(farm.db, id)!;
    };
    expect((await press("promote")).admin).toBe(true);
    expect((await press("demote")).admin).toBe(false);
    expect((await press("disable")).disabled).toBe(true);
    expect((await press("enable")).disabled).toBe(false);
    expect((await press("rename", { name: "Ann Other" })).name).toBe("Ann Other");
    farm.db.run("UPDATE users SET email_verified = 0 WHERE id = ?", [id]);
    expect((await press("vouch")).emailVerified).toBe(true);
  });

  test("is told why the last admin cannot go, with everything as it was", async () => {
    for (const what of ["demote", "disable"]) {
      const refused = await admin.post(`/admin/users/${admin.id}/${what}`);
      expect([refused.status, textOf(refused.page)]).toEqual([409, expect.stringContaining("The farm needs an admin")]);
    }
    const self = await admin.post(`/admin/users/${admin.id}/delete`, { jobs: "keep" });
    expect([self.status, textOf(self.page)]).toEqual([
      409,
      expect.stringContaining("You cannot delete your own account"),
    ]);
    expect(getUser(farm.db, admin.id)).toMatchObject({ admin: true, disabled: false });
  });

  test.each([
    ["keep", { jobs: "keep" }, { userId: null }],
    ["give", { jobs: "give" }, { userId: -1 }],
    ["delete", { jobs: "delete" }, null],
  ])("is deleted, and the jobs are as was chosen: %s", async (name, fields, left) => {
    const ben = await signedIn(farm, `${name}@x`);
    const job = addQueuedJob(farm, { userId: ben.id });
    const gone = await admin.post(`/admin/users/${ben.id}/delete`, { ...fields, to: String(admin.id) });
    expect(gone.location).toBe("/admin/users?done=deleted");
    expect(getUser(farm.db, ben.id)).toBeNull();
    const expected = left && { userId: left.userId === -1 ? admin.id : null, status: "canceled" };
    expect(getJob(farm.db, job)).toEqual(expected && expect.objectContaining(expected));
  });

  test("that does not exist is told so", async () => {
    expect((await admin.get("/admin/users/999")).status).toBe(404);
    expect((await admin.post("/admin/users/999/promote")).status).toBe(404);
  });
});

describe("keys", () => {
  test("are made for the farm or for a user, shown once, and revoked", async () => {
    const made = await admin.post("/admin/keys", { name: "boxes", owner: "farm" });
    const secret = /jk_r0_[\w-]{20,}/.exec(textOf(made.page))![0];
    const list = await admin.get("/admin/keys");
    expect(list.page).not.toContain(secret);
    expect(textOf(list.page)).toContain("boxes the farm's runners");
    await admin.post("/admin/keys", { name: "of mine", owner: String(admin.id) });
    expect(allKeys(farm).map(({ name, scope, userId }) => [name, scope, userId])).toEqual([
      ["boxes", "manager", null],
      ["of mine", "user", admin.id],
    ]);
    for (const { id } of allKeys(farm)) await admin.post(`/admin/keys/${id}/revoke`);
    expect(allKeys(farm)).toEqual([]);
  });

  test("with a name that will not do are refused beside the field", async () => {
    const refused = await admin.post("/admin/keys", { name: "<b>", owner: "farm" });
    expect(refused.status).toBe(400);
    const [field] = find(refused.page, "input", { name: "name" });
    expect([attributeOf(field, "value"), attributeOf(field, "aria-invalid")]).toEqual(["<b>", "true"]);
  });
});

test.each(["/admin", "/admin/stats", "/admin/users", "/admin/users/1", "/admin/keys"])(
  "%s is for admins alone",
  async (path) => {
    const ann = await signedIn(farm, `ann${Math.random()}@x`);
    expect((await ann.get(path)).status).toBe(403);
    expect((await stranger(farm).get(path)).location).toBe(`/login?next=${encodeURIComponent(path)}`);
  },
);
