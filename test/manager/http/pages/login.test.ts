import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { addUser } from "#manager/services/accounts.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, stranger, type Visitor } from "./support/visitor.ts";

const ANN = { email: "ann@example.com", password: "a long password" };

let farm: MemoryFarm;
let visitor: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  changeSetting(farm, "localauth", "on");
  await addUser(farm, { ...ANN, admin: false });
  visitor = stranger(farm);
});
afterAll(() => farm[Symbol.asyncDispose]());

describe("signing in", () => {
  test("starts a session and goes on where one wanted to go", async () => {
    const visit = await visitor.post("/login", { ...ANN, next: "/jobs/7" });
    expect([visit.status, visit.location]).toEqual([303, "/jobs/7"]);
    const cookie = visit.headers.get("set-cookie")!;
    expect(cookie).toMatch(/^jiggablend_session=\S+;.*HttpOnly.*SameSite=Lax/i);
    const jobs = await visitor.get("/jobs", { cookie: cookie.split(";")[0]! });
    expect(jobs.status).toBe(200);
  });

  test("never goes on to another site", async () => {
    expect((await visitor.post("/login", { ...ANN, next: "//elsewhere.example/" })).location).toBe("/jobs");
  });

  test("with a wrong password says so beside the form, and keeps what was typed but the password", async () => {
    const visit = await visitor.post("/login", { ...ANN, password: "wrong", next: "/jobs/7" });
    expect(visit.status).toBe(401);
    expect(visit.headers.get("set-cookie")).toBeNull();
    expect(textOf(visit.page)).toContain("The e-mail address or the password is wrong.");
    expect(find(visit.page, "input", { name: "email", value: ANN.email })).toHaveLength(1);
    expect(find(visit.page, "input", { name: "next", value: "/jobs/7" })).toHaveLength(1);
    expect(attributeOf(find(visit.page, "input", { name: "password" })[0], "value")).toBeNull();
  });

  test("says the same of a user that nobody knows", async () => {
    const visit = await visitor.post("/login", { email: "nobody@example.com", password: "wrong" });
    expect(visit.status).toBe(401);
    expect(textOf(visit.page)).toContain("The e-mail address or the password is wrong.");
  });

  test("from another site's page is refused, though no session is needed for it", async () => {
    const visit = await visitor.post("/login", ANN, { origin: "http://elsewhere.example" });
    expect(visit.status).toBe(403);
    expect(visit.headers.get("set-cookie")).toBeNull();
  });

  test("that is refused because of too many failures says so beside the form", async () => {
    const refuse = () => Promise.reject(new AppError("rate_limited", "Too many failed sign-ins; wait a minute."));
    const limited = stranger({ ...farm, access: { ...farm.access, logins: { guard: refuse } } });
    const visit = await limited.post("/login", ANN);
    expect(visit.status).toBe(429);
    expect(textOf(visit.page)).toContain("wait a minute");
    expect(find(visit.page, "input", { name: "email", value: ANN.email })).toHaveLength(1);
  });

  test("without a field is a page that says so, not a program's answer", async () => {
    const visit = await visitor.post("/login", { email: ANN.email });
    expect(visit.status).toBe(422);
    expect(visit.page).toStartWith("<!doctype html>");
  });
});

describe("the sign-in page", () => {
  test("keeps where one wants to go", async () => {
    const { page } = await visitor.get("/login?next=%2Fjobs%2F7");
    expect(find(page, "input", { type: "hidden", name: "next", value: "/jobs/7" })).toHaveLength(1);
  });

  test("says how to switch sign-in on while it is off", async () => {
    await using off = await memoryFarm();
    addTestUser(off, "ann@example.com");
    const { status, page } = await stranger(off).get("/login");
    expect(status).toBe(200);
    expect(textOf(page)).toContain("jiggablend manager config enable localauth");
    expect(find(page, "input")).toEqual([]);
  });

  test("is left at once by those who are signed in", async () => {
    const ben = await signedIn(farm, "ben@example.com");
    expect((await ben.get("/login?next=%2Frunners")).location).toBe("/runners");
  });
});

describe("signing out", () => {
  test("ends the session", async () => {
    const cleo = await signedIn(farm, "cleo@example.com");
    const visit = await cleo.post("/logout");
    expect([visit.status, visit.location]).toEqual([303, "/login"]);
    expect(visit.headers.get("set-cookie")).toMatch(/Max-Age=0/i);
    expect((await cleo.get("/jobs")).location).toBe("/login");
  });

  test("is refused from another site's page", async () => {
    const dora = await signedIn(farm, "dora@example.com");
    expect((await dora.post("/logout", {}, { origin: "http://elsewhere.example" })).status).toBe(403);
    expect((await dora.get("/jobs")).status).toBe(200);
  });
});
