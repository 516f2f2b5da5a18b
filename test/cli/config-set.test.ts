import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { CONFIG_FLAGS } from "#cli/config.ts";
import { setValue, settingsTable, unsetValue } from "#cli/config-set.ts";
import { readFlags } from "#cli/flags.ts";
import { openDatabase } from "#manager/db/open.ts";
import { addUser, oauthClient, type Office } from "#manager/open.ts";
import { verifyPassword } from "#system/passwords.ts";
import { systemClock } from "#system/clock.ts";

const REDIRECT_URL = "https://farm.example/api/auth/google/callback";

let office: Office;
beforeEach(() => {
  office = { db: openDatabase(":memory:"), clock: systemClock };
});
afterEach(() => office.db.close(false));

const set = (words: string[], redirectUrl?: string, input = "from standard input") => {
  const flags = readFlags(CONFIG_FLAGS, redirectUrl === undefined ? {} : { redirectUrl }, {});
  return setValue(office, words, flags, (given) => Promise.resolve(given === "-" ? input : given));
};

describe("setting up a provider", () => {
  test("keeps the client as it was given, numbers and all", async () => {
    await set(["google-oauth", "00123", "s3cret"], REDIRECT_URL);
    const client = { clientId: "00123", clientSecret: "s3cret", redirectUrl: REDIRECT_URL };
    expect(oauthClient(office, "google")).toEqual(client);
    expect(oauthClient(office, "discord")).toBeNull();
  });

  test("takes the secret from standard input, and shows it never", async () => {
    await set(["google-oauth", "id", "-"], REDIRECT_URL, "s3cret");
    expect(oauthClient(office, "google")?.clientSecret).toBe("s3cret");
    expect(settingsTable(office)).toContain(REDIRECT_URL);
    expect(settingsTable(office)).not.toContain("s3cret");
  });

  test.each([
    "https://farm.example/api/auth/discord/callback",
    "https://farm.example/",
    "farm.example/api/auth/google/callback",
    "ftp://farm.example/api/auth/google/callback",
    `${REDIRECT_URL}?x=1`,
    `${REDIRECT_URL}#x`,
    "https://ann@farm.example/api/auth/google/callback",
  ])("refuses to send people back to %s", async (redirectUrl) => {
    await expect(set(["google-oauth", "id", "secret"], redirectUrl)).rejects.toThrow("The redirect URL is");
    expect(oauthClient(office, "google")).toBeNull();
  });

  test.each([[["google-oauth"]], [["google-oauth", "id"]], [["google-oauth", "id", "secret", "more"]]])(
    "says how it is written, for %p",
    async (words) => {
      await expect(set(words, REDIRECT_URL)).rejects.toThrow("--redirect-url <url>");
    },
  );

  test("needs the redirect URL", async () => {
    await expect(set(["google-oauth", "id", "secret"])).rejects.toThrow("--redirect-url <url>");
  });

  test("refuses an empty secret, and one with spaces", async () => {
    for (const secret of ["", "two words"])
      await expect(set(["google-oauth", "id", secret], REDIRECT_URL)).rejects.toThrow("client secret");
  });

  test("is undone once, and not while it is the only way in", async () => {
    await set(["google-oauth", "id", "secret"], REDIRECT_URL);
    expect(() => unsetValue(office, "google-oauth")).toThrow("Sign-in with Google is the only way in");
    await set(["localauth", "on"]);
    unsetValue(office, "google-oauth");
    expect(oauthClient(office, "google")).toBeNull();
    expect(() => unsetValue(office, "google-oauth")).toThrow("is not set up");
  });
});

test("a user's password is set, from standard input too", async () => {
  await addUser(office, { email: "ann@example.com", password: "an old password", admin: true });
  await set(["password", "ann@example.com", "-"], undefined, "a new long password");
  const { hash } = office.db.query("SELECT password_hash AS hash FROM users").get() as { hash: string };
  expect(await verifyPassword("a new long password", hash)).toBe(true);
  await expect(set(["password", "ann@example.com", "short"])).rejects.toThrow("at least 12");
  await expect(set(["password", "nobody@example.com", "a long password"])).rejects.toThrow("There is no user");
  await expect(set(["password", "ann@example.com"])).rejects.toThrow("It is: set password");
});

test("any other setting takes one value, and falls back to its default", async () => {
  const frames = () => /frames-per-render-task +(\d+)/.exec(settingsTable(office))?.[1];
  await set(["frames-per-render-task", "4"]);
  expect(frames()).toBe("4");
  unsetValue(office, "frames-per-render-task");
  expect(frames()).toBe("1");
  await expect(set(["frames-per-render-task"])).rejects.toThrow("It is: set frames-per-render-task <value>");
  await expect(set(["frames-per-render-task", "1", "2"])).rejects.toThrow("It is: set");
  expect(() => unsetValue(office, "nothing")).toThrow('There is no setting "nothing"');
});
