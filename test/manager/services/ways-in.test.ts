import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { changeSettings } from "#manager/services/changing-settings.ts";
import { setOauthClient, unsetOauthClient } from "#manager/services/oauth-settings.ts";
import { changeSetting, resetSetting } from "#manager/services/changing-settings.ts";
import { readSetting } from "#manager/services/settings.ts";
import { memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
beforeEach(async () => void (farm = await memoryFarm()));
afterEach(() => farm[Symbol.asyncDispose]());

const setUp = (provider: "google" | "discord") =>
  setOauthClient(farm, provider, {
    ...{ clientId: "x", clientSecret: "y" },
    redirectUrl: `http://farm.example/api/auth/${provider}/callback`,
  });

describe("sign-in with a password, while it is the only way in", () => {
  beforeEach(() => changeSetting(farm, "localauth", "on"));
  const told = { code: "conflict", message: expect.stringContaining("Sign-in with a password is the only way in") };

  test("is not switched off", () => {
    expect(() => changeSetting(farm, "localauth", " off ")).toThrow(expect.objectContaining(told));
    expect(readSetting(farm, "localauth")).toBe("on");
  });

  test("is not set back to what holds unless changed", () => {
    expect(() => resetSetting(farm, "localauth")).toThrow(expect.objectContaining(told));
    expect(readSetting(farm, "localauth")).toBe("on");
  });

  test("is not switched off among other settings, of which none is changed then", async () => {
    const change = changeSettings(farm, { registration: "on", localauth: "off" });
    await expect(change).rejects.toMatchObject({ code: "conflict" });
    expect(readSetting(farm, "registration")).toBe("off");
  });

  test("is switched off once a provider is set up", () => {
    setUp("google");
    changeSetting(farm, "localauth", "off");
    expect(readSetting(farm, "localauth")).toBe("off");
  });
});

describe("a provider", () => {
  test("is not ended while it is the only way in", () => {
    setUp("discord");
    const told = { code: "conflict", message: expect.stringContaining("Sign-in with Discord is the only way in") };
    expect(() => unsetOauthClient(farm, "discord")).toThrow(expect.objectContaining(told));
  });

  test("is ended beside another, or beside passwords", () => {
    setUp("google");
    setUp("discord");
    unsetOauthClient(farm, "google");
    changeSetting(farm, "localauth", "on");
    unsetOauthClient(farm, "discord");
  });
});

test("what is off already may be switched off, also where nothing is on", () => {
  changeSetting(farm, "localauth", "off");
  resetSetting(farm, "localauth");
});
