import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { logged, startDaemon, type Daemon } from "../../support/daemon.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/program.ts";
import { listenForComplaints } from "./sound-page.ts";
import { CHROMIUM_FLAGS } from "./stage.ts";

/** The first day of a farm, on the compiled program and in a real browser: each test goes on where the one before has ended. */

const BOSS = { email: "boss@example.com", password: "a mellow otter 42" };

let folder: TemporaryFolder;
let manager: Daemon;
let runner: Daemon | undefined;
let browser: Browser;
let url: string;
let page: Page;
let complaints: ReturnType<typeof listenForComplaints>;

beforeAll(async () => {
  folder = temporaryFolder();
  const [db, storage] = [join(folder.path, "farm.db"), join(folder.path, "storage")];
  const args = ["manager", "--host", "127.0.0.1", "--port", "0", "--db", db, "--storage", storage];
  manager = startDaemon({ args, folder: folder.path, name: "manager" });
  url = (await logged(manager, /url=(http:\S+)/))[1]!;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: CHROMIUM_FLAGS });
  page = await open({ timezoneId: "Asia/Kathmandu", locale: "en-GB" });
  complaints = listenForComplaints(page, url);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await runner?.kill();
  await manager?.kill();
  folder?.remove();
});

const open = async (options: BrowserContextOptions) => (await browser.newContext(options)).newPage();

async function signIn(on: Page): Promise<void> {
  await on.fill("#email", BOSS.email);
  await on.fill("#password", BOSS.password);
  await on.click("main button");
}

test("the first admin is registered at the address that the manager prints, after a password that will not do", async () => {
  await page.goto((await logged(manager, /admin, at (\S+)/))[1]!);
  await page.fill("#name", "Bo");
  await page.fill("#email", BOSS.email);
  await page.fill("#newPassword", "password1234");
  await page.click("main button");
  await page.locator("#newPassword-problem, .notice.bad").first().waitFor();
  expect(await page.inputValue("#email")).toBe(BOSS.email);
  await page.fill("#newPassword", BOSS.password);
  await page.click("main button");
  await page.waitForURL(`${url}/jobs`);
  expect(await page.locator("nav a[href='/admin']").count()).toBe(1);
}, 60_000);

test("the command that adds a runner does so, word for word, and its key is shown once", async () => {
  await page.goto(`${url}/runners`);
  await page.click("main a:has-text('Add a runner')");
  await page.fill("#name", "attic");
  await page.click("form button:text-is('Make a key')");
  const command = (await page.textContent("#command"))!;
  const [, key = "", flags = ""] = /^JIGGABLEND_API_KEY=(jk_\S+) \.\/jiggablend (.+)$/.exec(command) ?? [];
  expect(flags).toBe(`runner --manager ${url}`);
  const env = { JIGGABLEND_API_KEY: key };
  runner = startDaemon({ args: flags.split(" "), folder: folder.path, name: "runner", env });
  await page.goto(`${url}/runners`);
  await page.locator("tbody .badge:text-is('Idle')").waitFor({ timeout: 60_000 });
  await page.goto(`${url}/admin/keys`);
  expect(await page.locator("tbody tr").allTextContents()).toEqual([expect.stringContaining("attic")]);
  expect(await page.content()).not.toContain(key);
}, 90_000);

test("a runner is drained and takes work again, from its own page and from the list", async () => {
  await page.goto(`${url}/runners`);
  await page.click("tbody th a");
  await page.click("main button:text-is('Drain')");
  await page.locator("main .badge:text-is('Draining')").waitFor();
  await page.goto(`${url}/runners`);
  await page.locator("tbody summary").click();
  await page.click("tbody button:text-is('Drain no more')");
  await page.locator("tbody .badge:text-is('Idle')").waitFor();
}, 60_000);

test("times stand in the reader's own zone", async () => {
  await page.goto(`${url}/account`);
  const time = page.locator("main time").first();
  const at = new Date((await time.getAttribute("datetime"))!);
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kathmandu" });
  expect(await time.textContent()).toContain(clock.format(at));
}, 60_000);

test("a session that has ended leads to the sign-in, and from there back to where one was", async () => {
  await page.goto(`${url}/runners`);
  const other = await open({});
  await other.goto(`${url}/login?next=/account`);
  await signIn(other);
  await other.waitForURL(`${url}/account`);
  await other.click("summary:has-text('End all others')");
  await other.click("button.danger:has-text('End all others')");
  await page.waitForURL(/\/login\?next=/, { timeout: 30_000 });
  await signIn(page);
  await page.waitForURL(`${url}/runners`);
  await other.context().close();
  expect(complaints("401", "422", "400")).toEqual([]);
}, 90_000);

test("without a script one signs in, reads every page and changes a setting", async () => {
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto(`${url}/admin/settings`);
  await signIn(plain);
  await plain.waitForURL(`${url}/admin/settings`);
  await plain.fill("[name=task-time-limit]", "90");
  await plain.click("main .setting-list > button.primary");
  await plain.waitForURL("**/admin/settings?done=saved");
  expect(await plain.inputValue("[name=task-time-limit]")).toBe("90");
  for (const [path, heading] of [
    ["/jobs", "Jobs"],
    ["/jobs/new", "New job"],
    ["/runners", "Runners"],
    ["/runners/add", "Add a runner"],
    ["/account", "Account"],
    ["/admin/stats", "Stats"],
    ["/admin/users", "Users"],
    ["/admin/keys", "Keys"],
  ] as const) {
    expect((await plain.goto(url + path))!.status()).toBe(200);
    expect(await plain.textContent("h1")).toBe(heading);
  }
  await plain.context().close();
}, 60_000);
