import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { setSetting } from "#manager/db/settings.ts";
import { getUser, listUsers } from "#manager/db/users.ts";
import { removeUser } from "#manager/services/removing-users.ts";
import { isRegistrationOpen, register } from "#manager/services/registration.ts";
import { userOfSession } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { readSetting } from "#manager/services/settings.ts";
import { signIn } from "#manager/services/signing-in.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const ANN = { name: "Ann", email: "ann@example.com", password: "mellow-otter-42", setupToken: null };
const VISITOR = { address: "192.0.2.1", userAgent: "test", device: null };

let farm: MemoryFarm;
beforeEach(async () => {
  farm = await memoryFarm();
});
afterEach(() => farm[Symbol.asyncDispose]());

describe("the first account", () => {
  test("is an admin's, and needs the token that the manager prints, whatever is enabled", async () => {
    const setupToken = farm.access.setupToken.value()!;
    const { user, sessionToken } = await register(farm, { ...ANN, setupToken }, VISITOR);
    expect(user).toMatchObject({ email: "ann@example.com", name: "Ann", admin: true });
    expect(getUser(farm.db, user.id)?.emailVerified).toBe(true);
    expect(userOfSession(farm, sessionToken)?.user.id).toBe(user.id);
  });

  test("enables sign-in with a password, for there is no other way back in", async () => {
    await register(farm, { ...ANN, setupToken: farm.access.setupToken.value() }, VISITOR);
    expect(readSetting(farm, "registration")).toBe("off");
    expect((await signIn(farm, ANN, VISITOR)).user.email).toBe("ann@example.com");
  });

  test.each([null, "", "a wrong token"])(
    "is not made with the token %p, though registration is enabled",
    async (token) => {
      for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
      expect(isRegistrationOpen(farm)).toBe(false);
      await expect(register(farm, { ...ANN, setupToken: token }, VISITOR)).rejects.toMatchObject({ code: "forbidden" });
      expect(listUsers(farm.db)).toEqual([]);
    },
  );

  test("spends the token: the second one is nobody special", async () => {
    const setupToken = farm.access.setupToken.value();
    await register(farm, { ...ANN, setupToken }, VISITOR);
    expect(farm.access.setupToken.value()).toBeNull();
    const second = { ...ANN, email: "eve@example.com", setupToken };
    await expect(register(farm, second, VISITOR)).rejects.toMatchObject({ code: "forbidden" });
    changeSetting(farm, "registration", "on");
    expect((await register(farm, second, VISITOR)).user.admin).toBe(false);
  });

  test("is one, also when two ask for it at once", async () => {
    const setupToken = farm.access.setupToken.value();
    const both = ["ann@example.com", "eve@example.com"].map((email) =>
      register(farm, { ...ANN, email, setupToken }, VISITOR),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(listUsers(farm.db)).toHaveLength(1);
  });

  test("made by the command line makes the token worthless", async () => {
    const setupToken = farm.access.setupToken.value()!;
    addTestUser(farm, "admin@example.com", true);
    expect(farm.access.setupToken.value()).toBeNull();
    expect(farm.access.setupToken.fits(setupToken)).toBe(false);
  });
});

describe("registration", () => {
  beforeEach(() => {
    addTestUser(farm, "admin@example.com", true);
    for (const name of ["registration", "localauth"]) changeSetting(farm, name, "on");
  });

  test("makes an account whose address nobody vouches for, and signs in", async () => {
    const { user, sessionToken, deviceToken } = await register(farm, ANN, VISITOR);
    expect(getUser(farm.db, user.id)).toMatchObject({ admin: false, emailVerified: false, name: "Ann" });
    expect(userOfSession(farm, sessionToken)?.user.id).toBe(user.id);
    expect(deviceToken).not.toBeNull();
  });

  test.each(["registration", "localauth"])("is refused while %s is off", async (name) => {
    setSetting(farm.db, name, "off");
    expect(isRegistrationOpen(farm)).toBe(false);
    await expect(register(farm, ANN, VISITOR)).rejects.toMatchObject({ code: "forbidden" });
  });

  test.each([
    ["a password of eleven characters", { password: "mellow-otte" }, "at least 12"],
    ["a password longer than a thousand", { password: "x7".repeat(501) }, "at most 1000"],
    ["a common password", { password: "password1234" }, "common"],
    ["the own address as password", { password: "ann@example.com" }, "common"],
    ["no address", { email: "ann" }, "is not an e-mail address"],
    ["an address with a line break", { email: "ann\n@example.com" }, "is not an e-mail address"],
    ["an address with something invisible", { email: "ann\u200b@example.com" }, "is not an e-mail address"],
    ["a name as long as a page", { name: "x".repeat(101) }, "at most 100"],
  ])("is refused with %s", async (_, wrong, message) => {
    await expect(register(farm, { ...ANN, ...wrong }, VISITOR)).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining(message),
    });
  });

  test("takes what stands before the @ for a name, and makes one line of one", async () => {
    expect((await register(farm, { ...ANN, name: " " }, VISITOR)).user.name).toBe("ann");
    const ben = { ...ANN, email: "ben@example.com", name: " Ben\n\tof\u0000 Boxes " };
    expect((await register(farm, ben, VISITOR)).user.name).toBe("Ben of Boxes");
  });

  test("gives no second account to an address, whatever its case", async () => {
    await register(farm, ANN, VISITOR);
    const again = register(farm, { ...ANN, email: "ANN@example.com" }, VISITOR);
    await expect(again).rejects.toMatchObject({ code: "conflict" });
  });

  test("gives one place twenty accounts an hour, and others theirs", async () => {
    for (let n = 0; n < 20; n += 1) farm.access.registrations.add("192.0.2.1");
    await expect(register(farm, ANN, VISITOR)).rejects.toMatchObject({ code: "rate_limited" });
    expect((await register(farm, ANN, { ...VISITOR, address: "192.0.2.2" })).user.email).toBe(ANN.email);
    farm.clock.advance(3600);
    await register(farm, { ...ANN, email: "ben@example.com" }, VISITOR);
  });

  test("gives one place no more when it asks for all of them at once", async () => {
    for (let n = 0; n < 19; n += 1) farm.access.registrations.add("192.0.2.1");
    const asked = ["a@example.com", "b@example.com"].map((email) => register(farm, { ...ANN, email }, VISITOR));
    const made = (await Promise.allSettled(asked)).filter(({ status }) => status === "fulfilled");
    expect(made).toHaveLength(1);
  });

  test("is open again to an address whose account was removed", async () => {
    await register(farm, ANN, VISITOR);
    removeUser(farm, ANN.email);
    expect((await register(farm, ANN, VISITOR)).user.email).toBe(ANN.email);
  });
});
