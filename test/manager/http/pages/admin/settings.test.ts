import { afterAll, beforeAll, expect, test } from "bun:test";
import { oauthClient } from "#manager/services/oauth-settings.ts";
import { readSetting } from "#manager/services/settings.ts";
import { memoryFarm, type MemoryFarm } from "../../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../../web/support/parse.ts";
import { signedIn, type Visitor } from "../support/visitor.ts";

let farm: MemoryFarm;
let admin: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  admin = await signedIn(farm, "admin@x", true);
});
afterAll(() => farm[Symbol.asyncDispose]());

const PATH = "/admin/settings";

test("all settings are shown with their values, as people write them", async () => {
  const { page } = await admin.get(PATH);
  const value = (name: string) => attributeOf(find(page, "input", { name })[0], "value");
  expect([value("frames-per-render-task"), value("max-upload-size")]).toEqual(["1", "50 GB"]);
  expect(attributeOf(find(page, "input", { name: "localauth" })[0], "checked")).toBeNull();
  expect(textOf(page)).toContain("Frames that one lease covers.");
});

test("what is saved holds at once, and a box that is not ticked is off", async () => {
  const saved = await admin.post(PATH, { localauth: "on", "max-upload-size": "2 GB", "frames-per-render-task": "4" });
  expect([saved.status, saved.location]).toEqual([303, `${PATH}?done=saved`]);
  expect(readSetting(farm, "max-upload-size")).toBe("2000000000");
  expect([readSetting(farm, "localauth"), readSetting(farm, "registration")]).toEqual(["on", "off"]);
  expect(textOf((await admin.get(saved.location!)).page)).toContain("Saved.");
});

test("what will not do is told next to its field, and nothing is changed", async () => {
  const refused = await admin.post(PATH, { localauth: "on", "max-upload-size": "3GB", "frames-per-render-task": "0" });
  expect(refused.status).toBe(422);
  const [field] = find(refused.page, "input", { name: "frames-per-render-task" });
  expect([attributeOf(field, "value"), attributeOf(field, "aria-invalid")]).toEqual(["0", "true"]);
  expect(textOf(refused.page)).toContain("a whole number from 1 to 1000");
  expect(readSetting(farm, "max-upload-size")).toBe("2000000000");
});

test("the last way to sign in cannot be switched off, which is told beside its box", async () => {
  const refused = await admin.post(PATH, { "frames-per-render-task": "9" });
  expect(refused.status).toBe(422);
  const [box] = find(refused.page, "input", { name: "localauth" });
  expect([attributeOf(box, "checked"), attributeOf(box, "aria-invalid")]).toEqual([null, "true"]);
  expect(find(refused.page, "p", { id: "localauth-problem" })).toHaveLength(1);
  expect(textOf(refused.page)).toContain("Sign-in with a password is the only way in");
  expect([readSetting(farm, "localauth"), readSetting(farm, "frames-per-render-task")]).toEqual(["on", "4"]);
});

test("who is no admin is told so, and sees no way there", async () => {
  const ann = await signedIn(farm, "ann@x");
  expect((await ann.get(PATH)).status).toBe(403);
  expect((await ann.post(PATH, { localauth: "on" })).status).toBe(403);
  expect(find((await ann.get("/jobs")).page, "a", { href: "/admin" })).toEqual([]);
  expect(find((await admin.get("/jobs")).page, "a", { href: "/admin" })).toHaveLength(1);
});

const GOOGLE = `${PATH}/sign-in/google`;
const CALLBACK = "http://localhost/api/auth/google/callback";

test("sign-in with a provider is set up with the address that the admin has come by, and its secret is never shown", async () => {
  const [field] = find((await admin.get(PATH)).page, "input", { id: "google-redirectUrl" });
  expect(attributeOf(field, "value")).toBe(CALLBACK);
  const client = { clientId: "the id", clientSecret: "s3cret", redirectUrl: CALLBACK };
  const refused = await admin.post(GOOGLE, { ...client, redirectUrl: "https://elsewhere.example/" });
  expect([refused.status, oauthClient(farm, "google")]).toEqual([422, null]);
  const wrong = find(refused.page, "input", { "aria-invalid": "true" }).map((one) => attributeOf(one, "id"));
  expect(wrong).toEqual(["google-clientId", "google-redirectUrl"]);
  const saved = await admin.post(GOOGLE, { ...client, clientId: "the-id" });
  expect([saved.status, saved.location]).toEqual([303, `${PATH}?done=saved`]);
  expect(oauthClient(farm, "google")).toEqual({ ...client, clientId: "the-id" });
  const { page } = await admin.get(PATH);
  expect(page).not.toContain("s3cret");
  expect(textOf(page)).toContain("Sign-in with Google: on");
});

test("an empty secret keeps the one there is, and a provider can be turned off again", async () => {
  await admin.post(GOOGLE, { clientId: "another", clientSecret: "", redirectUrl: CALLBACK });
  expect(oauthClient(farm, "google")).toEqual({ clientId: "another", clientSecret: "s3cret", redirectUrl: CALLBACK });
  expect(find((await admin.get(PATH)).page, "form", { action: `${GOOGLE}/remove` })).toHaveLength(1);
  await admin.post(`${GOOGLE}/remove`);
  expect(oauthClient(farm, "google")).toBeNull();
  const ann = await signedIn(farm, "ann2@x");
  expect((await ann.post(GOOGLE, { clientId: "x", clientSecret: "y", redirectUrl: CALLBACK })).status).toBe(403);
});

test("the last provider cannot be turned off while nobody can sign in with a password", async () => {
  await admin.post(GOOGLE, { clientId: "another", clientSecret: "s3cret", redirectUrl: CALLBACK });
  await admin.post(PATH, { localauth: "off" });
  expect(readSetting(farm, "localauth")).toBe("off");
  const { page } = await admin.get(PATH);
  expect(find(page, "form", { action: `${GOOGLE}/remove` })).toEqual([]);
  expect(textOf(page)).toContain("Google is the only way in");
  const refused = await admin.post(`${GOOGLE}/remove`);
  expect(refused.status).toBe(409);
  expect(textOf(refused.page)).toContain("Sign-in with Google is the only way in");
  expect(oauthClient(farm, "google")).not.toBeNull();
});
