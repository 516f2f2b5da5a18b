import { afterAll, beforeAll, expect, test } from "bun:test";
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

test("who is no admin is told so, and sees no way there", async () => {
  const ann = await signedIn(farm, "ann@x");
  expect((await ann.get(PATH)).status).toBe(403);
  expect((await ann.post(PATH, { localauth: "on" })).status).toBe(403);
  expect(find((await ann.get("/jobs")).page, "a", { href: "/admin" })).toEqual([]);
  expect(find((await admin.get("/jobs")).page, "a", { href: "/admin" })).toHaveLength(1);
});
