import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { setSetting } from "#manager/db/settings.ts";
import { getUser, setPasswordHash } from "#manager/db/users.ts";
import { addUser, changePassword } from "#manager/services/accounts.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { signIn, type Visitor } from "#manager/services/signing-in.ts";
import { hashPassword } from "#system/passwords.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const ANN = { email: "ann@example.com", password: "mellow-otter-42" };
const WRONG = { ...ANN, password: "a wrong password" };

/** Of Ann's password, checked in no time: what is slow about the real one is not what these tests are of. */
const CHEAP_HASH = await Bun.password.hash(ANN.password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });

let farm: MemoryFarm;
let annId: number;

beforeEach(async () => {
  farm = await memoryFarm();
  changeSetting(farm, "localauth", "on");
  annId = await addUser(farm, { ...ANN, admin: false });
  setPasswordHash(farm.db, annId, CHEAP_HASH);
});
afterEach(() => farm[Symbol.asyncDispose]());

const from = (address: string, device: string | null = null): Visitor => ({ address, userAgent: "test", device });
const HOME = from("192.0.2.1");

/** Tries until it is refused for trying too often; returns how many failures that took. */
async function triesUntilLimited(
  credentials: typeof ANN,
  visitor: (n: number) => Visitor,
  most = 200,
): Promise<number> {
  for (let n = 0; n < most; n += 1) {
    const code = await signIn(farm, credentials, visitor(n)).then(
      () => "in",
      (error: { code: string }) => error.code,
    );
    if (code === "rate_limited") return n;
    expect(code).toBe("wrong_credentials");
  }
  throw new Error(`still let try after ${most} failures`);
}

function codeOf(outcome: PromiseSettledResult<unknown>): string {
  return outcome.status === "fulfilled" ? "in" : (outcome.reason as { code: string }).code;
}

describe("guessing", () => {
  test("at one account from one place is stopped after ten failures, and goes on a minute later", async () => {
    expect(await triesUntilLimited(WRONG, () => HOME)).toBe(10);
    await expect(signIn(farm, ANN, HOME)).rejects.toMatchObject({ code: "rate_limited" });
    farm.clock.advance(60);
    expect((await signIn(farm, ANN, HOME)).user.id).toBe(annId);
  });

  test("at many accounts from one place is stopped after twenty", async () => {
    const attempts = Array.from({ length: 25 }, (_, n) => signIn(farm, { email: `user${n}@x`, password: "x" }, HOME));
    const codes = (await Promise.allSettled(attempts)).map(codeOf);
    expect(codes.filter((code) => code === "wrong_credentials")).toHaveLength(20);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(5);
  });

  test("from an IPv6 network is counted as from one place, whatever addresses it takes", async () => {
    expect(await triesUntilLimited(WRONG, (n) => from(`2001:db8:1:2::${n}`))).toBe(10);
  });

  test("at one account from everywhere is stopped after a hundred", async () => {
    expect(await triesUntilLimited(WRONG, (n) => from(`198.51.100.${n}`))).toBe(100);
  });

  test("all at once gets no further than one after the other", async () => {
    const attempts = Array.from({ length: 30 }, () => signIn(farm, WRONG, HOME));
    const codes = (await Promise.allSettled(attempts)).map(codeOf);
    expect(codes.filter((code) => code === "wrong_credentials")).toHaveLength(10);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(20);
  });

  test("is not what many right passwords at once are", async () => {
    const attempts = Array.from({ length: 25 }, () => signIn(farm, ANN, HOME));
    expect((await Promise.all(attempts)).every(({ user }) => user.id === annId)).toBe(true);
  });

  test("at the old password, by who has found a session, is stopped too", async () => {
    const change = { userId: annId, oldPassword: "wrong", newPassword: "another-fine-heron", sessionHash: null };
    for (let i = 0; i < 10; i += 1)
      await expect(changePassword(farm, change)).rejects.toMatchObject({ code: "wrong_credentials" });
    await expect(changePassword(farm, { ...change, oldPassword: ANN.password })).rejects.toMatchObject({
      code: "rate_limited",
    });
  });
});

describe("a stranger who guesses", () => {
  test("does not lock the owner out who is elsewhere", async () => {
    await triesUntilLimited(WRONG, () => from("203.0.113.9"));
    expect((await signIn(farm, ANN, HOME)).user.id).toBe(annId);
  });

  test("from everywhere, the owner's own place too, does not lock a browser out that is known", async () => {
    const { deviceToken } = await signIn(farm, ANN, HOME);
    await triesUntilLimited(WRONG, () => HOME);
    await triesUntilLimited(WRONG, (n) => from(`198.51.100.${n}`));
    await expect(signIn(farm, ANN, HOME)).rejects.toMatchObject({ code: "rate_limited" });
    const again = await signIn(farm, ANN, from(HOME.address, deviceToken));
    expect(again.user.id).toBe(annId);
    expect(again.deviceToken).toBeNull();
  });

  test("in a known browser is stopped like any other", async () => {
    const { deviceToken } = await signIn(farm, ANN, HOME);
    expect(await triesUntilLimited(WRONG, (n) => from(`198.51.100.${n}`, deviceToken))).toBe(10);
  });

  test("cannot make a browser known, nor use one's own for another account", async () => {
    const made = await signIn(farm, ANN, HOME);
    setPasswordHash(farm.db, addTestUser(farm, "eve@example.com"), CHEAP_HASH);
    const eve = { email: "eve@example.com", password: "wrong" };
    for (const device of [made.deviceToken, "a.b", "", `${crypto.randomUUID()}.${made.deviceToken?.split(".")[1]}`]) {
      farm.clock.advance(60);
      expect(await triesUntilLimited(eve, () => from("203.0.113.9", device), 12)).toBe(10);
      await expect(signIn(farm, { ...eve, password: ANN.password }, from("203.0.113.9", device))).rejects.toMatchObject(
        {
          code: "rate_limited",
        },
      );
    }
  });

  test("who knows a browser from before the password was changed is a stranger again", async () => {
    const { deviceToken } = await signIn(farm, ANN, HOME);
    const changed = "another-fine-heron";
    await changePassword(farm, { userId: annId, oldPassword: ANN.password, newPassword: changed, sessionHash: null });
    const device = from("203.0.113.9", deviceToken);
    await triesUntilLimited(WRONG, () => device);
    await expect(signIn(farm, { ...ANN, password: changed }, device)).rejects.toMatchObject({ code: "rate_limited" });
  });
});

describe("the answer to a sign-in that fails", () => {
  test.each([
    ["an unknown user", { email: "nobody@example.com", password: "x" }],
    ["a wrong password", WRONG],
    ["an empty password", { ...ANN, password: "" }],
    ["a password longer than any", { ...ANN, password: "x".repeat(1000) }],
    ["a user without a password", { email: "ben@example.com", password: "" }],
  ])("is the same for %s", async (_, credentials) => {
    addTestUser(farm, "ben@example.com");
    await expect(signIn(farm, credentials, HOME)).rejects.toMatchObject({
      code: "wrong_credentials",
      message: "The e-mail address or the password is wrong.",
    });
  });

  test("is the same for the right password of a disabled user", async () => {
    farm.db.run("UPDATE users SET disabled = 1");
    await expect(signIn(farm, ANN, HOME)).rejects.toMatchObject({ code: "wrong_credentials" });
  });

  test("takes as long for an unknown user: a password is checked either way", async () => {
    setPasswordHash(farm.db, annId, await hashPassword(ANN.password));
    const time = async (credentials: typeof ANN): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 9; i += 1) {
        const start = performance.now();
        await signIn(farm, credentials, from(`198.51.100.${i}`)).catch(() => {});
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const [unknown, wrong] = [await time({ email: "nobody@example.com", password: "x" }), await time(WRONG)];
    // Without the check it would be some hundred times less.
    expect(unknown).toBeGreaterThan(wrong / 3);
  });
});

test("an address is taken as it is typed, whatever its case, and with spaces around it", async () => {
  expect((await signIn(farm, { ...ANN, email: " Ann@EXAMPLE.com " }, HOME)).user.id).toBe(annId);
});

test("nobody comes in by a password while that is off", async () => {
  setSetting(farm.db, "localauth", "off");
  await expect(signIn(farm, ANN, HOME)).rejects.toMatchObject({ code: "forbidden" });
  expect(getUser(farm.db, annId)).not.toBeNull();
});
