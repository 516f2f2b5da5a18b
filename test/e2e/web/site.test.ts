import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { insertStoredBlender } from "#manager/db/blender-versions.ts";
import { HOSTILE } from "../../web/support/fixtures.ts";
import { logged, startDaemon, type Daemon } from "../../support/daemon.ts";
import { EVERY_PAGE, routesOfPages } from "../../support/every-page.ts";
import { ANN, BOSS, fillFarm, type FullFarm } from "../../support/full-farm.ts";
import { memoryFarm } from "../../support/memory-farm.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/program.ts";
import { expectAccessible, listenForComplaints } from "./sound-page.ts";

/** The compiled manager on a farm with everything in it, all of it named to do harm, before a real browser. */

let folder: TemporaryFolder;
let manager: Daemon;
let browser: Browser;
let full: FullFarm;
let url: string;
let routes: string[];

/** The Blender that the full farm's scenes want, so that forms offer its add-ons. */
const STORED = {
  ...{ version: "3.4.1", size: 2e8, sha256: "00".repeat(32), unpackedBytes: 6e8, addedAtMs: 0 },
  abilities: { denoiser: true, engines: ["CYCLES"], addons: ["node_wrangler", "rigify"] },
};

beforeAll(async () => {
  folder = temporaryFolder();
  const farm = await memoryFarm({}, { folder: folder.path, startMs: Date.now() - 3600_000 });
  full = await fillFarm(farm, { say: (plain) => HOSTILE + plain, frames: 4 });
  insertStoredBlender(farm.db, STORED);
  routes = routesOfPages(farm);
  await farm[Symbol.asyncDispose]();
  const [db, storage] = [join(folder.path, "farm.db"), join(folder.path, "storage")];
  const args = ["manager", "--host", "127.0.0.1", "--port", "0", "--db", db, "--storage", storage];
  manager = startDaemon({ args, folder: folder.path, name: "manager" });
  url = (await logged(manager, /url=(http:\S+)/))[1]!;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await manager?.kill();
  folder?.remove();
});

async function open(path: string, who: typeof ANN | null, options: BrowserContextOptions = {}) {
  const page = await (await browser.newContext(options)).newPage();
  const complaints = listenForComplaints(page, url);
  await page.goto(url + path);
  if (who) await signIn(page, who);
  return { page, complaints, close: () => page.context().close() };
}

async function signIn(page: Page, who: typeof ANN): Promise<void> {
  await page.fill("#email", who.email);
  await page.fill("#password", who.password);
  await page.click("main button");
  await page.waitForURL((now) => now.pathname !== "/login");
}

/** What reaches out of the window at the right, where the page can be moved to the side. */
const TOO_WIDE = `document.documentElement.scrollWidth === document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.tagName + "." + one.className + " in " + one.parentElement.className).slice(0, 6)`;

/** What is to be pressed and lower than a finger can meet; in a sentence it is as high as its line, and of a field its label counts too. */
const TOO_LOW = `[...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility({ contentVisibilityAuto: true }) && !one.closest("p, label, [aria-hidden]"))
  .filter((one) => one.offsetWidth > 2 && one.getBoundingClientRect().height < 24)
  .map((one) => one.localName + "." + one.className + " in " + one.parentElement.localName + "." + one.parentElement.className)`;

/** Opens all that is folded, and says whether anything was. */
const UNFOLD = `[...document.querySelectorAll("main details:not([open])")].map((one) => (one.open = true)).length > 0`;

describe("every page", () => {
  const visits = { boss: BOSS, ann: ANN, nobody: null } as const;

  test("is among those that are looked at", () => {
    expect([...new Set(EVERY_PAGE.map(({ route }) => route))].sort()).toEqual(routes);
  });

  test.each(["boss", "ann", "nobody"] as const)(
    "that %s sees is sound for a screen reader, in both themes, on a phone, whatever things are called",
    async (who) => {
      const { page, complaints, close } = await open("/login", visits[who], { viewport: { width: 360, height: 740 } });
      const paths = EVERY_PAGE.filter(({ as = "boss", part }) => as === who && !part).map(({ path }) => path(full));
      const refused = who === "nobody" ? [] : ["/nothing", ...(who === "ann" ? ["/admin/users"] : [])];
      const wide: string[] = [];
      for (const path of [...paths, ...refused]) {
        await page.goto(url + path);
        await expectAccessible(page);
        if (await page.evaluate<boolean>(UNFOLD)) await expectAccessible(page);
        wide.push(...(await page.evaluate<string[]>(TOO_WIDE)).map((what) => `${path}: ${what}`));
      }
      expect(wide).toEqual([]);
      expect(complaints("404", "403")).toEqual([]);
      await close();
    },
    600_000,
  );

  test("gives fingers room on a phone, and the head is one line", async () => {
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
    const { page, close } = await open("/jobs", BOSS, phone);
    const { jobs } = full;
    for (const path of [
      "/jobs",
      "/jobs/new",
      `/jobs/${jobs.draft}`,
      `/jobs/${jobs.completed}`,
      "/runners",
      "/account",
    ]) {
      await page.goto(url + path);
      expect([path, await page.evaluate<string[]>(TOO_LOW)]).toEqual([path, []]);
      expect((await page.locator("header.top").boundingBox())!.height).toBeLessThan(64);
    }
    await close();
  }, 60_000);

  test("keeps its columns apart on a desktop", async () => {
    const { page, close } = await open("/jobs", BOSS, { viewport: { width: 1280, height: 800 } });
    for (const path of [`/runners/${full.busy.id}`, `/admin/users/${full.annId}`, "/account"]) {
      await page.goto(url + path);
      const overlap = await page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll(".columns table")].map((one) => one.getBoundingClientRect().right)) -
          document.querySelector(".columns > aside").getBoundingClientRect().left`,
      );
      expect([path, overlap < 0]).toEqual([path, true]);
    }
    await close();
  }, 60_000);
});

describe("an admin", () => {
  test("adds a user, who chooses a password by the link in another browser, and sees nothing of others", async () => {
    const boss = await open("/admin/users", BOSS);
    await boss.page.click("#add summary");
    await boss.page.fill("#add [name=email]", "cleo@example.com");
    await boss.page.click("#add form button");
    const link = (await boss.page.textContent("#reset-link"))!;
    const cleo = await open(link.slice(url.length), null);
    await cleo.page.fill("#newPassword", "a mellow otter 42");
    await cleo.page.click("main button");
    await signIn(cleo.page, { email: "cleo@example.com", password: "a mellow otter 42" });
    expect(new URL(cleo.page.url()).pathname).toBe("/jobs");
    expect(await cleo.page.locator("main tbody tr").count()).toBe(0);
    await cleo.page.goto(`${url}/jobs/${full.jobs.running}`);
    expect(await cleo.page.textContent("h1")).toBe("Not found");
    expect(await cleo.page.locator("a[href='/admin']").count()).toBe(0);
    await cleo.page.click(".account button");
    await cleo.page.waitForURL("**/login");
    expect([...boss.complaints(), ...cleo.complaints("404")]).toEqual([]);
    await cleo.close();
    await boss.close();
  }, 60_000);

  test("makes a key and revokes it, and changes a setting after one that will not do", async () => {
    const { page, complaints, close } = await open("/admin/keys", BOSS);
    await page.click("#add summary");
    await page.fill("#add [name=name]", "boxes");
    await page.click("#add form button");
    expect(await page.textContent("#new-key")).toStartWith("jk_r0_");
    const row = page.locator("tr:has(th:text-is('boxes'))");
    await row.locator("summary").click();
    await row.locator("form button").click();
    await row.waitFor({ state: "detached" });
    await page.goto(`${url}/admin/settings`);
    await page.fill("[name=frames-per-render-task]", "0");
    await page.click("main button.primary");
    expect(await page.textContent("#frames-per-render-task-problem")).toContain("from 1 to 1000");
    await page.fill("[name=frames-per-render-task]", "5");
    await page.click("main button.primary");
    await page.waitForURL("**/admin/settings?done=saved");
    expect(await page.inputValue("[name=frames-per-render-task]")).toBe("5");
    expect(complaints("422")).toEqual([]);
    await close();
  }, 60_000);

  test("disables a runner and enables it, without leaving the list", async () => {
    const { page, complaints, close } = await open("/runners", BOSS);
    const row = page.locator(`#runner-${full.idle}`);
    await page.evaluate("window.same = true");
    await row.locator("summary").click();
    await row.locator("button:text-is('Disable')").click();
    await row.locator(".badge:text-is('Disabled')").waitFor();
    await row.locator("button:text-is('Enable')").click();
    await row.locator(".badge:text-is('Disabled')").waitFor({ state: "detached" });
    expect(await page.evaluate("window.same")).toBe(true);
    expect(complaints()).toEqual([]);
    await close();
  }, 60_000);
});

describe("bytes", () => {
  test("of a first visit are less than 60 kB, all assets and the page with them", async () => {
    const { page, close } = await open("/login", null);
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.loadingFinished", ({ encodedDataLength }) => void (bytes += encodedDataLength));
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    await signIn(page, ANN);
    await page.waitForLoadState("networkidle");
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(60_000);
    await close();
  }, 60_000);

  test("of a first visit to a running job are less than 60 kB, but for its pictures", async () => {
    const { page, close } = await open("/login", null);
    let bytes = 0;
    page.on("requestfinished", async (request) => {
      if (request.resourceType() === "image") return;
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      bytes += responseBodySize + responseHeadersSize;
    });
    await page.goto(`${url}/jobs/${full.jobs.running}`);
    await signIn(page, ANN);
    await page.locator("#job-log").waitFor();
    await page.waitForLoadState("load");
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(60_000);
    await close();
  }, 60_000);

  test("of a poll that has nothing new are less than 500", async () => {
    const answer = await fetch(`${url}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: url },
      body: new URLSearchParams(ANN),
    });
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const headers = { cookie, "hx-request": "true", accept: "text/html" };
    const bytes = ({ headers: told }: Response) =>
      [...told].map(([name, value]) => `${name}: ${value}\r\n`).join("").length +
      "HTTP/1.1 304 Not Modified\r\n\r\n".length;
    for (const path of ["/runners", `/jobs/${full.jobs.running}`]) {
      const page = await fetch(url + path, { headers });
      const tag = page.headers.get("hx-ptag")!;
      const same = await fetch(url + path, { headers: { ...headers, "hx-ptag": tag } });
      expect([path, same.status]).toEqual([path, 304]);
      expect(bytes(same)).toBeLessThan(500);
    }
    const log = await fetch(`${url}/jobs/${full.jobs.queued}/log?waits=true`, { headers });
    expect(log.status).toBe(204);
    expect(bytes(log)).toBeLessThan(500);
  }, 30_000);

  test("of assets are kept by browsers for ever, and come compressed", async () => {
    const html = await (await fetch(`${url}/login`)).text();
    for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)) {
      const asset = await fetch(url + path, { headers: { "accept-encoding": "gzip" } });
      expect([path, asset.headers.get("cache-control")]).toEqual([path, "public, max-age=31536000, immutable"]);
      expect([path, asset.headers.get("content-encoding")]).toEqual([path, "gzip"]);
    }
  });
});
