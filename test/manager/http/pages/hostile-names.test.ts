import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { setOauthClient } from "#manager/services/oauth-settings.ts";
import { EVERY_PAGE, routesOfPages } from "../../../support/every-page.ts";
import { fillFarm, type FullFarm } from "../../../support/full-farm.ts";
import { memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { HOSTILE, HOSTILE_EMAIL } from "../../../web/support/fixtures.ts";
import { elementsOf, textOf } from "../../../web/support/parse.ts";
import { stranger, visitorWith, type Visit, type Visitor } from "./support/visitor.ts";

/** Every page, with names that are made to get out of the text or the attribute that they stand in. */

let farm: MemoryFarm;
let full: FullFarm;
let visitors: Record<"boss" | "ann" | "nobody", Visitor>;

beforeAll(async () => {
  farm = await memoryFarm();
  full = await fillFarm(farm, { say, sayEmail: () => HOSTILE_EMAIL, frames: 3 });
  setOauthClient(farm, "google", {
    clientId: "i",
    clientSecret: "s",
    redirectUrl: "http://x/api/auth/google/callback",
  });
  const [boss, ann] = await Promise.all([visitorWith(farm, full.bossId), visitorWith(farm, full.annId)]);
  visitors = { boss, ann, nobody: stranger(farm) };
});
afterAll(() => farm[Symbol.asyncDispose]());

const say = (plain: string) => HOSTILE + plain;

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

test("every page that the app has is looked at", () => {
  expect([...new Set(EVERY_PAGE.map(({ route }) => route))].sort()).toEqual(routesOfPages(farm));
});

test.each(EVERY_PAGE.map((row) => [row.as ?? "an admin", row] as const))(
  "%s sees names as what they are, and nothing in them does anything: %j",
  async (_who, { path, shows, as, part }) => {
    const visit = await visitors[as ?? "boss"].get(path(full));
    expect(visit.status).toBe(200);
    expect(visit.page.startsWith("<!doctype html>")).toBe(part !== true);
    expectHarmless(visit);
    const plain = visit.headers.get("content-type")!.startsWith("text/plain");
    const text = plain ? visit.page : textOf(visit.page.replace(/<header.*?<\/header>/s, ""));
    for (const name of shows) expect(text).toContain(say(name).replace(/\s+/g, " "));
  },
);

describe.each(FORMS)("a form that is sent with such names", (path, fields, as) => {
  test("is answered with a page in which nothing happens", async () => {
    const visit = await visitors[as ?? "boss"].post(path(full), fields);
    expect([path(full), visit.location]).toEqual([path(full), null]);
    expectHarmless(visit);
  });
});

test("what does not exist is told without what was asked for", async () => {
  const visit = await visitors.boss.get(`/${encodeURIComponent(HOSTILE)}`);
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
