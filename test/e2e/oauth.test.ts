import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { Api } from "../support/api.ts";
import { logged, startDaemon, type Daemon } from "../support/daemon.ts";
import { startOpenIdProvider, type OpenIdProvider } from "../support/openid-provider.ts";
import { run, temporaryFolder, type TemporaryFolder } from "../support/program.ts";
import { CLIENT, startStandIn, type StandIn } from "../support/stand-in-provider.ts";

/** The compiled program, a real browser, and a real OpenID provider in the place of Google; one of our own in that of Discord. */
const PERSON = { sub: "ann", email: "ann@example.com", email_verified: true, name: "Ann" };
const ADMIN = { name: "Admin", email: "admin@example.com", password: "mellow-otter-42" };

let folder: TemporaryFolder;
let manager: Daemon;
let google: OpenIdProvider;
let discord: StandIn;
let browser: Browser;
let url: string;
let page: Page;

async function config(args: readonly string[], input = ""): Promise<void> {
  const { exitCode, stderr } = await run(["manager", "config", ...args, "--db", join(folder.path, "farm.db")], {
    input,
  });
  if (exitCode !== 0) throw new Error(`manager config ${args.join(" ")}: ${stderr}`);
}

const setUp = (provider: "google" | "discord") =>
  config(
    ["set", `${provider}-oauth`, CLIENT.clientId, "-", "--redirect-url", `${url}/api/auth/${provider}/callback`],
    CLIENT.clientSecret,
  );

beforeAll(async () => {
  folder = temporaryFolder();
  google = await startOpenIdProvider(PERSON);
  discord = startStandIn({ id: "80351110224678912", username: "ben", email: "ben@example.com", verified: true });
  const args = ["--host", "127.0.0.1", "--port", "0", "--db", "farm.db", "--storage", "storage"];
  const endpoints = JSON.stringify({ google: google.endpoints, discord: discord.endpoints });
  manager = startDaemon({
    args: ["manager", ...args],
    folder: folder.path,
    name: "manager",
    env: { JIGGABLEND_TEST_OAUTH_ENDPOINTS: endpoints },
  });
  url = (await logged(manager, /url=(http:\S+)/))[1]!;
  google.know({ ...CLIENT, redirectUrl: `${url}/api/auth/google/callback` });
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  google?.stop();
  discord?.[Symbol.dispose]();
  await manager?.kill();
  folder?.remove();
});

/** A browser that has never been here. */
beforeEach(async () => {
  await page?.context().close();
  page = await (await browser.newContext()).newPage();
  google.person = PERSON;
  google.down = false;
});

const heading = () => page.textContent("h1");

async function goToGoogle(from = "/login"): Promise<void> {
  await page.goto(url + from);
  await page.click('main a:has-text("Google")');
  await page.waitForSelector("#yes");
}

async function signInByGoogle(from?: string): Promise<void> {
  await goToGoogle(from);
  await page.click("#yes");
  await page.waitForURL((now) => now.origin === url);
}

test("the address that the manager prints makes the first account, an admin", async () => {
  const [, setupUrl = ""] = await logged(manager, /admin, at (\S+)/);
  expect(setupUrl).toStartWith(`${url}/register?setup=`);
  await page.goto(setupUrl);
  await page.fill("#name", ADMIN.name);
  await page.fill("#email", ADMIN.email);
  await page.fill("#newPassword", ADMIN.password);
  await page.click("main button");
  await page.waitForURL(`${url}/jobs`);
  const admin = await Api.signIn(url, ADMIN.email, ADMIN.password);
  expect(await admin.json("GET", "/api/auth/me")).toMatchObject({ user: { admin: true } });
}, 60_000);

test("what is not set up has no button, and no route; setting it up needs no restart", async () => {
  await page.goto(`${url}/login`);
  expect(await page.locator('main a:has-text("Google")').count()).toBe(0);
  expect((await fetch(`${url}/api/auth/google/login`)).status).toBe(404);
  await setUp("google");
  await setUp("discord");
  await page.reload();
  expect(await page.locator('main a:has-text("Google")').count()).toBe(1);
  expect(await page.locator('main a:has-text("Discord")').count()).toBe(1);
}, 60_000);

describe("a person who goes through the provider", () => {
  test("and has no account is told so while registration is off", async () => {
    await signInByGoogle();
    expect(await page.textContent("main")).toContain("There is no account for ann@example.com here");
  }, 60_000);

  test("gets one while registration is enabled, comes back to where they wanted to go, and is known the next time", async () => {
    await config(["enable", "registration"]);
    await signInByGoogle("/login?next=/account#keys");
    expect(page.url()).toBe(`${url}/account#keys`);
    expect(await page.textContent("main")).toContain("ann@example.com");
    await config(["disable", "registration"]);
    await page.context().clearCookies();
    await signInByGoogle();
    expect(page.url()).toBe(`${url}/jobs`);
  }, 60_000);

  test("gets the account that the command line made for the same address", async () => {
    await config(["add", "user", "cleo@example.com", "-"], "mellow-otter-43");
    google.person = { sub: "cleo", email: "Cleo@example.com", email_verified: true, name: "Cleo" };
    await signInByGoogle("/login?next=/account");
    const cleo = await Api.signIn(url, "cleo@example.com", "mellow-otter-43");
    const { user } = await cleo.json<{ user: { name: string } }>("GET", "/api/auth/me");
    expect(await page.textContent("header .who")).toContain(user.name);
  }, 60_000);

  test("does not get an account whose address nobody verified, until its owner connects it", async () => {
    await config(["enable", "registration"]);
    const dora = { name: "Dora", email: "dora@example.com", password: "mellow-otter-44" };
    expect((await new Api(url).call("POST", "/api/auth/register", dora)).status).toBe(201);
    google.person = { sub: "dora", email: dora.email, email_verified: true, name: "Dora" };
    await signInByGoogle();
    expect(await page.textContent("main")).toContain("nobody has verified");
    await page.goto(`${url}/login?next=/account`);
    await page.fill("#email", dora.email);
    await page.fill("#password", dora.password);
    await page.click("main form button");
    await page.waitForURL(`${url}/account`);
    await page.click('main a:has-text("Connect Google")'); // the provider knows her by now, and asks no more
    await page.waitForSelector("#disconnect-google");
    await page.context().clearCookies();
    await signInByGoogle("/login?next=/account");
    expect(await page.textContent("main")).toContain(dora.email);
    await config(["disable", "registration"]);
  }, 60_000);

  test("does not come in with an address that the provider has not verified", async () => {
    google.person = { ...PERSON, sub: "eve", email_verified: false };
    await signInByGoogle();
    expect(await page.textContent("main")).toContain("is not verified");
  }, 60_000);

  test("comes in by Discord as well", async () => {
    await config(["add", "user", "ben@example.com", "-"], "mellow-otter-45");
    await page.goto(`${url}/login`);
    await page.click('main a:has-text("Discord")');
    await page.waitForURL(`${url}/jobs`);
  }, 60_000);
});

describe("a way that goes wrong ends in a page that says so:", () => {
  test("denied, with a way to begin again", async () => {
    await goToGoogle();
    await page.click("#no");
    await page.waitForURL((now) => now.origin === url);
    expect(await heading()).toBe("Sign-in was denied");
    await page.click('main a:has-text("Back to sign in")');
    expect(await heading()).toBe("Sign in");
  }, 60_000);

  test("expired, where the browser has not begun it, and where it is over", async () => {
    const returns: string[] = [];
    page.on("request", (request) => request.url().includes("/callback?") && returns.push(request.url()));
    await signInByGoogle();
    expect(page.url()).toBe(`${url}/jobs`);
    const other = await (await browser.newContext()).newPage();
    await other.goto(returns[0]!);
    expect(await other.textContent("h1")).toBe("Sign-in has expired");
    await other.context().close();
    await page.goto(returns[0]!);
    expect(await heading()).toBe("Sign-in has expired");
  }, 60_000);

  test("not reachable, when the provider cuts the connection", async () => {
    google.down = true;
    await signInByGoogle();
    expect(await heading()).toBe("Provider not reachable");
    expect(await page.textContent("main")).toContain("Google could not be reached");
  }, 60_000);
});

test("the secret stands in no log and in no answer", async () => {
  expect(manager.log()).not.toContain(CLIENT.clientSecret);
  const { stdout } = await run(["manager", "config", "show", "--db", join(folder.path, "farm.db")]);
  expect(stdout).toContain("google-oauth");
  expect(stdout).not.toContain(CLIENT.clientSecret);
});

test("what is unset is gone at once", async () => {
  await config(["unset", "google-oauth"]);
  await page.goto(`${url}/login`);
  expect(await page.locator('main a:has-text("Google")').count()).toBe(0);
  expect((await fetch(`${url}/api/auth/google/login`)).status).toBe(404);
}, 60_000);
