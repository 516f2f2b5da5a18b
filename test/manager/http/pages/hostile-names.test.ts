import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createApp } from "#manager/http/app.ts";
import { setOauthClient } from "#manager/services/oauth-settings.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { fillFarm, type FullFarm } from "../../../support/full-farm.ts";
import { memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { HOSTILE, HOSTILE_EMAIL } from "../../../web/support/fixtures.ts";
import { elementsOf, textOf } from "../../../web/support/parse.ts";
import { stranger, visitorWith, type Visit, type Visitor } from "./support/visitor.ts";

/** Every page, with names that are made to get out of the text or the attribute that they stand in. */

let farm: MemoryFarm;
let full: FullFarm;
let boss: Visitor;
let nobody: Visitor;
let token: string;

beforeAll(async () => {
  farm = await memoryFarm();
  full = await fillFarm(farm, { say, sayEmail: () => HOSTILE_EMAIL, frames: 3 });
  setOauthClient(farm, "google", {
    clientId: "i",
    clientSecret: "s",
    redirectUrl: "http://x/api/auth/google/callback",
  });
  boss = await visitorWith(farm, full.bossId);
  nobody = stranger(farm);
  ({ token } = await createResetLink(farm, full.annId));
});
afterAll(() => farm[Symbol.asyncDispose]());

const say = (plain: string) => HOSTILE + plain;

type Row = {
  /** The route of the page, as the app has it. */
  route: string;
  path: (full: FullFarm) => string;
  /** What it must show, as it is called in the full farm but for what is put before that; nothing where nobody has named anything on it. */
  shows: string[];
  as?: "nobody";
};

const job =
  (what: keyof FullFarm["jobs"], rest = "") =>
  ({ jobs }: FullFarm) =>
    `/jobs/${jobs[what]}${rest}`;
const page = (path: string, shows: string[], as?: "nobody"): Row => ({
  route: path,
  path: () => path,
  shows,
  ...(as && { as }),
});

const JOBS = {
  draft: "Meadow",
  queued: "Dust, third try",
  running: "Harbour at night",
  paused: "Rain on the roof",
  completed: "Harbour at dawn",
  failed: "Castle",
  canceled: "Test of the smoke",
};
const RUNNERS = { busy: "render-01", idle: "render-02", offline: "attic" };
const ofTask = ({ jobs, failedTask }: FullFarm) => `/jobs/${jobs.failed}/tasks/${failedTask}`;

const PAGES: Row[] = [
  page("/login", [], "nobody"),
  page("/register", [], "nobody"),
  { route: "/reset", path: () => `/reset?token=${token}`, shows: [], as: "nobody" },
  page("/account", ["Bo", "my scripts"]),
  page("/jobs", ["Ann", "harbour.zip", ...Object.values(JOBS)]),
  page("/jobs/new", []),
  { route: "/jobs/new/frames", path: () => "/jobs/new/frames?frames=1-10", shows: [] },
  ...Object.entries(JOBS).map(([what, name]) => ({
    route: what === "draft" ? "/jobs/:id/draft" : "/jobs/:id",
    path: job(what as keyof typeof JOBS, what === "draft" ? "/draft" : ""),
    shows: [
      name,
      "harbour.zip",
      "shots/harbour.blend",
      "Scene",
      "Camera",
      what === "draft" ? "Bricks" : "The image tex/bricks.png is not in the project.",
    ],
  })),
  { route: "/jobs/:id/frames/:frame", path: job("completed", "/frames/1"), shows: [JOBS.completed] },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask, shows: [JOBS.failed, "Out of GPU memory.", "Blender quit"] },
  { route: "/jobs/:id/tasks/:taskId/log", path: (of) => `${ofTask(of)}/log`, shows: ["Blender quit"] },
  { route: "/jobs/:id/tasks/:taskId/log.txt", path: (of) => `${ofTask(of)}/log.txt`, shows: ["Blender quit"] },
  { route: "/jobs/:id/outputs", path: job("completed", "/outputs"), shows: [JOBS.completed] },
  page("/runners", [
    ...Object.values(RUNNERS),
    JOBS.running,
    "NVIDIA GeForce RTX 4090",
    "render-01.studio.example",
    "Ben",
  ]),
  page("/runners/add", []),
  ...Object.entries(RUNNERS).map(([which, name]) => ({
    route: "/runners/:id",
    path: (of: FullFarm) => `/runners/${which === "busy" ? of.busy.id : of[which as "idle" | "offline"]}`,
    shows: [
      name,
      `${name}.studio.example`,
      "0.1.0 (1234abcd5678)",
      ...(which === "busy" ? [JOBS.running, JOBS.failed] : []),
    ],
  })),
  page("/admin/stats", [RUNNERS.busy, "Ann"]),
  page("/admin/users", ["Bo", "Ann", "Ben"]),
  { route: "/admin/users/:id", path: ({ annId }) => `/admin/users/${annId}`, shows: ["Ann", "pipeline", "Bo"] },
  page("/admin/keys", ["pipeline", "my scripts", "Ben"]),
  page("/admin/blender", [RUNNERS.busy]),
  page("/admin/settings", []),
];

/** These only lead to others, or are pictures of numbers. */
const NO_PAGES = ["/", "/admin", "/jobs/many", "/icons/:name"];

/** Forms that are sent with such names and answered with a page that shows them again. */
const FORMS: [path: (full: FullFarm) => string, fields: Record<string, string>, as?: "nobody"][] = [
  [() => "/login", { email: HOSTILE, password: HOSTILE, next: HOSTILE }, "nobody"],
  [
    () => "/register",
    { name: HOSTILE, email: HOSTILE, newPassword: HOSTILE, setupToken: HOSTILE.slice(0, 200) },
    "nobody",
  ],
  [() => "/jobs/many", { action: HOSTILE, ids: HOSTILE }],
  [() => "/account/keys", { name: HOSTILE }],
  [() => "/runners/add", { name: HOSTILE, whose: "farm" }],
  [({ idle }) => `/runners/${idle}/rename`, { name: " ".repeat(5) }],
  [() => "/admin/users", { email: HOSTILE, name: HOSTILE }],
  [({ bossId }) => `/admin/users/${bossId}/demote`, {}],
  [({ annId }) => `/admin/users/${annId}/reset-link`, {}],
  [() => "/admin/keys", { name: HOSTILE, owner: "farm" }],
  [() => "/admin/blender", { version: HOSTILE }],
  [() => "/admin/settings/sign-in/google", { clientId: HOSTILE, clientSecret: HOSTILE, redirectUrl: HOSTILE }],
  [() => "/admin/settings", { "max-upload-size": HOSTILE }],
];

test("the list above has every page that the app has", () => {
  const routes = createApp(farm)
    .routes.filter(({ method }) => method === "GET")
    .map(({ path }) => path)
    .filter((path) => !/^\/(api|assets|healthz|metrics)(\/|$)/.test(path) && !NO_PAGES.includes(path));
  expect([...new Set(routes)].sort()).toEqual([...new Set(PAGES.map(({ route }) => route))].sort());
});

describe.each(PAGES)("$route", ({ path, shows, as }) => {
  test("shows names as what they are, and nothing in them does anything", async () => {
    const visit = await (as === "nobody" ? nobody : boss).get(path(full));
    expect(visit.status).toBe(200);
    expectHarmless(visit);
    const plain = visit.headers.get("content-type")!.startsWith("text/plain");
    const text = plain ? visit.page : textOf(visit.page.replace(/<header.*?<\/header>/s, ""));
    for (const name of shows) expect(text).toContain(say(name).replace(/\s+/g, " "));
  });
});

describe.each(FORMS)("a form that is sent with such names", (path, fields, as) => {
  test("is answered with a page in which nothing happens", async () => {
    const visit = await (as === "nobody" ? nobody : boss).post(path(full), fields);
    expect([path(full), visit.location]).toEqual([path(full), null]);
    expectHarmless(visit);
  });
});

test("what does not exist is told without what was asked for", async () => {
  const visit = await boss.get(`/${encodeURIComponent(HOSTILE)}`);
  expect(visit.status).toBe(404);
  expectHarmless(visit);
});

function expectHarmless({ page: html, headers }: Visit): void {
  if (!headers.get("content-type")?.startsWith("text/html"))
    return expect(headers.get("content-type")).toStartWith("text/plain");
  for (const { tag, attributes } of elementsOf(html)) {
    if (tag === "script") expect(attributes[0]?.[1]).toMatch(/^\/assets\/\w+\/[\w.-]+\.js$/);
    expect(tag).not.toMatch(/^(style|iframe|object|embed|base)$/);
    for (const [name, value] of attributes) {
      expect(name).toMatch(/^(?!on|style|srcdoc|hx-on|hx-vals)[a-z][a-zA-Z0-9:-]*$/);
      if (["href", "src", "action", "formaction", "poster", "hx-get", "hx-post"].includes(name))
        expect([tag, value]).toEqual([tag, expect.stringMatching(/^[/#?](?!\/)/)]);
    }
  }
}
