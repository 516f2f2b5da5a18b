import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { countBadKey } from "#manager/services/key-limit.ts";
import { addKey, addKeyFor, allKeys, findKey, keysOf, removeKey } from "#manager/services/keys.ts";
import { revokeKey, revokeOwnKey } from "#manager/services/revoking-keys.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let annId: number;
let benId: number;
beforeEach(async () => {
  farm = await memoryFarm();
  annId = addTestUser(farm, "ann@example.com");
  benId = addTestUser(farm, "ben@example.com");
});
afterEach(() => farm[Symbol.asyncDispose]());

const own = (userId: number, name = "laptop") => addKeyFor(farm, { name, scope: "user", userId });

test("a key is told once, and kept as a hash", async () => {
  const { key, secret } = await own(annId);
  expect(secret).toMatch(/^jk_r0_[\w-]{43}$/);
  expect(key).toMatchObject({ name: "laptop", scope: "user", userId: annId, userEmail: "ann@example.com" });
  expect(findKey(farm, secret)?.id).toBe(key.id);
  expect(JSON.stringify(farm.db.query("SELECT * FROM api_keys").all())).not.toContain(secret.slice(12));
});

test("its last use is told, to the minute", async () => {
  const { secret } = await own(annId);
  expect(keysOf(farm, annId)[0]!.lastUsedAtMs).toBeNull();
  findKey(farm, secret);
  const first = farm.clock.nowMs();
  farm.clock.advance(59);
  findKey(farm, secret);
  expect(keysOf(farm, annId)[0]!.lastUsedAtMs).toBe(first);
  farm.clock.advance(2);
  findKey(farm, secret);
  expect(keysOf(farm, annId)[0]!.lastUsedAtMs).toBe(farm.clock.nowMs());
});

describe("names of keys", () => {
  test("are each owner's own", async () => {
    await own(annId);
    await own(benId);
    addKey(farm, { name: "laptop", scope: "manager", userEmail: null });
    await expect(own(annId)).rejects.toMatchObject({ code: "conflict" });
    expect(() => addKey(farm, { name: "laptop", scope: "manager", userEmail: null })).toThrow("already");
    expect(allKeys(farm)).toHaveLength(3);
  });

  test("name one to the command line, with its owner where there are several", async () => {
    await own(annId);
    await own(benId);
    expect(() => removeKey(farm, "laptop")).toThrow("--user");
    removeKey(farm, "laptop", "ANN@example.com");
    expect(allKeys(farm).map(({ userId }) => userId)).toEqual([benId]);
    removeKey(farm, "laptop");
    expect(() => removeKey(farm, "laptop")).toThrow('There is no key "laptop".');
  });

  test.each(["", " ", "a/b", "x".repeat(101), "<b>"])("are not %p", async (name) => {
    await expect(own(annId, name)).rejects.toMatchObject({ code: "bad_request" });
  });
});

test("a user has a hundred keys at most", async () => {
  for (let n = 0; n < 100; n += 1) addKey(farm, { name: `key ${n}`, scope: "user", userEmail: "ann@example.com" });
  await expect(own(annId)).rejects.toMatchObject({ code: "conflict" });
  await own(benId);
});

test("a user revokes the own keys alone, an admin any", async () => {
  const { key, secret } = await own(annId);
  await expect(revokeOwnKey(farm, benId, key.id)).rejects.toMatchObject({ code: "not_found" });
  await revokeOwnKey(farm, annId, key.id);
  expect(findKey(farm, secret)).toBeNull();
  const bens = await own(benId);
  await revokeKey(farm, bens.key.id);
  expect(findKey(farm, bens.secret)).toBeNull();
  await expect(revokeKey(farm, bens.key.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a farm-wide key that an admin made for a user is not one of the user's own", async () => {
  const { key } = await addKeyFor(farm, { name: "box", scope: "manager", userId: annId });
  expect(keysOf(farm, annId)).toEqual([]);
  await expect(revokeOwnKey(farm, annId, key.id)).rejects.toMatchObject({ code: "not_found" });
});

test("three hundred wrong keys a minute may come from one place", () => {
  for (let n = 0; n < 300; n += 1) countBadKey(farm, "192.0.2.1");
  expect(() => countBadKey(farm, "192.0.2.1")).toThrow("Too many wrong API keys");
  expect(() => countBadKey(farm, "192.0.2.2")).not.toThrow();
  farm.clock.advance(60);
  expect(() => countBadKey(farm, "192.0.2.1")).not.toThrow();
});
