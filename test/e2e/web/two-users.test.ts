import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { createApp } from "#manager/http/app.ts";
import type { Api, ApiFile } from "../../support/api.ts";
import { sized, writeExr } from "../../support/exr-writer.ts";
import { startFarm, type Farm } from "../../support/farm.ts";
import { memoryFarm } from "../../support/memory-farm.ts";
import { RawRunner } from "../../support/raw-runner.ts";
import { beginResumable } from "../../support/resumable.ts";
import { scenes } from "../../support/scenes.ts";
import { listenForComplaints } from "./sound-page.ts";
import { CHROMIUM_FLAGS } from "./stage.ts";

/** Two users of one farm, each with one of everything that a user can have: neither sees anything of the other, anywhere. */
setDefaultTimeout(120_000);

const NAMES = ["kestrel", "heron"] as const;
type Name = (typeof NAMES)[number];
const BOTH = [
  ["kestrel", "heron"],
  ["heron", "kestrel"],
] as const satisfies [Name, Name][];

/** What a user has; all of it is called by the user's name. */
type Own = {
  api: Api;
  page: Page;
  context: BrowserContext;
  complaints: (...but: string[]) => string[];
  /** What the routes' parts in braces are here. */
  ids: Record<"job" | "draft" | "task" | "file" | "frame" | "runner" | "upload", number>;
};

let farm: Farm;
let browser: Browser;
const own = {} as Record<Name, Own>;

/** Every route that shows something of a user's own, with where that user's is. */
const OWN_ROUTES: Record<string, string> = {
  "/jobs/:id": "/jobs/{job}",
  "/jobs/:id/draft": "/jobs/{draft}/draft",
  "/jobs/:id/frames/:frame": "/jobs/{job}/frames/1",
  "/jobs/:id/outputs": "/jobs/{job}/outputs",
  "/jobs/:id/log": "/jobs/{job}/log",
  "/jobs/:id/tasks/:taskId": "/jobs/{job}/tasks/{task}",
  "/jobs/:id/tasks/:taskId/log": "/jobs/{job}/tasks/{task}/log",
  "/jobs/:id/tasks/:taskId/log.txt": "/jobs/{job}/tasks/{task}/log.txt",
  "/runners/:id": "/runners/{runner}",
  "/api/jobs/:id": "/api/jobs/{job}",
  "/api/jobs/:id/files": "/api/jobs/{job}/files",
  "/api/jobs/:id/files/:fileId/download": "/api/jobs/{job}/files/{frame}/download",
  "/api/jobs/:id/files/:fileId/preview": "/api/jobs/{job}/files/{frame}/preview",
  "/api/jobs/:id/frames/:frame/preview": "/api/jobs/{job}/frames/1/preview",
  "/api/jobs/:id/metadata": "/api/jobs/{job}/metadata",
  "/api/jobs/:id/outputs": "/api/jobs/{job}/outputs",
  "/api/jobs/:id/outputs/archive": "/api/jobs/{job}/outputs/archive",
  "/api/jobs/:id/tasks": "/api/jobs/{job}/tasks",
  "/api/jobs/:id/tasks/:taskId": "/api/jobs/{job}/tasks/{task}",
  "/api/jobs/:id/tasks/:taskId/log": "/api/jobs/{job}/tasks/{task}/log",
  "/api/jobs/:id/videos": "/api/jobs/{job}/videos",
  "/api/uploads/:id": "/api/uploads/{upload}",
};

/** The same of other kinds of jobs and files. */
const MORE = [
  "/jobs/{job}?show=completed",
  "/jobs/{draft}/outputs",
  "/api/jobs/{draft}/metadata",
  "/api/jobs/{draft}/files",
  "/api/jobs/{job}/files/{file}/download",
  "/api/jobs/{job}/frames/1/preview?size=small",
];

/** Where everybody sees their own, and which of it. */
const LISTS: [path: string, shows: boolean][] = [
  ["/jobs", true],
  ["/jobs?state=completed", true],
  ["/jobs?q=", true],
  ["/jobs/new", true],
  ["/runners", true],
  ["/account", true],
  ["/api/jobs", true],
  ["/api/uploads", true],
  ["/api/keys", true],
  ["/api/auth/sessions", false],
  ["/api/blender/versions", false],
];

/** What shows all of the farm, and so nothing to a user. */
const ADMINS = [
  "/admin/stats",
  "/admin/users",
  "/api/admin/stats",
  "/api/admin/jobs",
  "/api/admin/runners",
  "/metrics",
];

const WRITES: [method: string, path: string][] = [
  ...["cancel", "delete", "retry", "draft", "draft/files", "discard", "edit", "videos"].map(
    (what) => ["POST", `/jobs/{draft}/${what}`] satisfies [string, string],
  ),
  ["POST", "/api/jobs/{draft}/start"],
  ["POST", "/api/jobs/{draft}/upload?filename=a.blend"],
  ["DELETE", "/api/jobs/{job}?purge=true"],
  ["DELETE", "/api/uploads/{upload}"],
  ["POST", "/runners/{runner}/rename"],
  ["POST", "/runners/{runner}/delete"],
];

/** What the forms of all of them take. */
const CHANGE = { name: "mine", priority: "10", format: "EXR_264_MP4" };

beforeAll(async () => {
  farm = await startFarm();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: CHROMIUM_FLAGS });
  for (const name of NAMES) own[name] = await settle(name);
});
afterAll(async () => {
  await browser?.close();
  await farm?.stop();
});

/** Gives a new user one of everything. */
async function settle(name: Name): Promise<Own> {
  const email = `${name}@example.com`;
  const api = await farm.addUser(email);
  const scene = Bun.file(join(await scenes(), "animated.blend"));
  const key = await farm.addKey(`${name}-key`, "--scope", "user", "--user", email);
  const runner = await RawRunner.register(farm.url, key, `${name}-box`);

  const { id: job } = await api.createJob({ name: `${name}-job`, frames: "1" });
  await api.upload(job, `${name}.blend`, scene);
  await api.untilJob(job, "queued");
  const { id: task, attempt } = await runner.lease();
  const line = new TextEncoder().encode(`the line of ${name}\n`);
  await runner.api.call("POST", `/api/runner/tasks/${task}/log?attempt=${attempt}&offset=0`, line);
  const content = new Uint8Array(writeExr({ window: sized(64, 36), compression: "zip" }));
  expect((await runner.upload({ jobId: job, taskId: task, attempt, frame: 1, content })).status).toBe(200);
  expect((await runner.complete(task, { attempt, ok: true })).status).toBe(200);

  const { id: draft } = await api.createJob({ name: `${name}-draft`, autostart: false });
  await api.upload(draft, `${name}-draft.blend`, scene);
  const upload = Number((await beginResumable(api, `${name}-upload.blend`, 1000)).split("/").at(-1));
  const { items: files } = await api.json<{ items: ApiFile[] }>("GET", `/api/jobs/${job}/files`);
  const [frame] = await api.outputs(job);

  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = listenForComplaints(page, farm.url);
  await page.goto(farm.url);
  await page.fill("#email", email);
  await page.fill("#password", `the password of ${email}`);
  await page.click("main button");
  await page.waitForURL("**/jobs");
  const ids = { job, draft, task, file: files[0]!.id, frame: frame!.id, runner: runner.runnerId, upload };
  return { api, page, context, complaints, ids };
}

/** A path with somebody's ids in it. */
function pathOf(path: string, { ids }: Own): string {
  return path.replace(/\{(\w+)\}/g, (_, what: keyof Own["ids"]) => String(ids[what]));
}

/** Asks as a page's script does, with the cookie of the browser; what changes something is sent as its form would be. */
async function ask({ context }: Own, path: string, method = "GET", headers: Record<string, string> = {}) {
  const answer = await context.request.fetch(farm.url + path, {
    method,
    maxRedirects: 0,
    ...(method === "GET" ? { headers } : { headers: { origin: farm.url, "tus-resumable": "1.0.0" }, form: CHANGE }),
  });
  return { status: answer.status(), text: await answer.text() };
}

test("every route that shows something of one's own is asked for below", async () => {
  await using plain = await memoryFarm();
  const routes = createApp(plain)
    .routes.filter(({ method }) => method === "GET")
    .map(({ path }) => path)
    .filter((path) => /^\/((api\/)?jobs|api\/uploads|runners)\/:/.test(path));
  expect(Object.keys(OWN_ROUTES).sort()).toEqual([...new Set(routes)].sort());
});

describe.each(BOTH)("%s sees of %s", (me, other) => {
  const mine = () => own[me];

  test("no page, also where its address is known, while the own is there", async () => {
    const { page, complaints } = mine();
    const pages = [...Object.values(OWN_ROUTES), ...MORE].filter((path) => !/^\/api|\/log/.test(path));
    for (const path of pages) {
      const seen = await page.goto(farm.url + pathOf(path, mine()));
      expect([path, seen!.status()]).toEqual([path, 200]);
      expect(await page.textContent("main")).toContain(me);
      const refused = await page.goto(farm.url + pathOf(path, own[other]));
      expect([path, refused!.status()]).toEqual([path, 404]);
      expect(await page.content()).not.toContain(other);
    }
    expect(complaints("404")).toEqual([]);
  });

  test("no file, picture, log or answer, by a program or by a part of a page", async () => {
    for (const path of [...Object.values(OWN_ROUTES), ...MORE]) {
      expect([path, (await ask(mine(), pathOf(path, mine()))).status]).toEqual([path, 200]);
      for (const headers of [{}, { "hx-request": "true" }]) {
        const refused = await ask(mine(), pathOf(path, own[other]), "GET", headers);
        expect([path, refused.status]).toEqual([path, 404]);
        expect(refused.text).not.toContain(other);
      }
    }
  });

  test("nothing in a list or a search", async () => {
    for (const [path, shows] of LISTS) {
      const { status, text } = await ask(mine(), path);
      expect([path, status, text.includes(me) || !shows, text.includes(other)]).toEqual([path, 200, true, false]);
    }
    const found = async (q: string) => {
      await mine().page.goto(`${farm.url}/jobs?q=${q}`);
      return mine().page.locator("main tbody tr").count();
    };
    expect([await found(me), await found(other)]).toEqual([2, 0]);
  });

  test("nothing that is for admins", async () => {
    for (const path of ADMINS) expect([path, (await ask(mine(), path)).status]).toEqual([path, 403]);
  });

  test("nothing that could be changed", async () => {
    for (const [method, path] of WRITES) {
      const refused = await ask(mine(), pathOf(path, own[other]), method);
      expect([method, path, refused.status]).toEqual([method, path, 404]);
    }
    expect((await own[other].api.job(own[other].ids.draft)).status).toBe("draft");
    expect((await ask(own[other], pathOf("/api/uploads/{upload}", own[other]))).status).toBe(200);
  });
});
