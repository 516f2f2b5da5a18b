import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { allKeys } from "#manager/services/keys.ts";
import { fillFarm, type FullFarm } from "../../../support/full-farm.ts";
import { addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { textOf } from "../../../web/support/parse.ts";
import { signedIn, visitorWith, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let full: FullFarm;
let boss: Visitor;
let ann: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  full = await fillFarm(farm, { frames: 3 });
  boss = await visitorWith(farm, full.bossId);
  ann = await visitorWith(farm, full.annId);
});
afterAll(() => farm[Symbol.asyncDispose]());

const statusOf = (id: number) => farm.runners.get(id)!.status;

describe("the page of a runner", () => {
  test("says what it does, what it is, and what it was at", async () => {
    const text = textOf((await boss.get(`/runners/${full.busy.id}`)).page);
    expect(text).toContain("Busy");
    expect(text).toContain("sample 96 of 256");
    expect(text).toContain("NVIDIA GeForce RTX 4090 (OPTIX)");
    expect(text).toContain("4.5.3 denoiser, OPTIX");
    expect(text).toMatch(/Castle Frame \d Failed .* Out of memory Out of GPU memory\./);
    expect(text).toContain("Harbour at dawn Frame 1 Completed");
  });

  test("tells the mean time of a frame from the time it worked and what it filed", async () => {
    // 97, 194 and 291 s, three times 131 s, and three failures of 20 s, for six frames
    const text = textOf((await boss.get(`/runners/${full.busy.id}`)).page);
    expect(text).toContain("Mean frame 2 min 53 s, of the last day");
  });

  test("warns of a runner without a sandbox", async () => {
    expect(textOf((await boss.get(`/runners/${full.idle}`)).page)).toContain("without a sandbox here");
  });

  test("does not exist for who neither owns it nor is an admin", async () => {
    for (const path of ["", "/drain", "/disable", "/rename", "/delete"]) {
      const visit = await (path === ""
        ? ann.get(`/runners/${full.idle}`)
        : ann.post(`/runners/${full.idle}${path}`, { name: "x" }));
      expect([path, visit.status]).toEqual([path, 404]);
    }
    expect(statusOf(full.idle)).toBe("online");
  });

  test("drains, goes on, disables and enables", async () => {
    const press = async (what: string) => {
      const visit = await boss.post(`/runners/${full.idle}/${what}`);
      expect(visit.location).toBe(`/runners/${full.idle}`);
      return statusOf(full.idle);
    };
    expect(await press("drain")).toBe("draining");
    expect(await press("resume")).toBe("online");
    expect(await press("disable")).toBe("disabled");
    expect(await press("enable")).toBe("online");
  });

  test("leads back to the list when the button was there", async () => {
    expect((await boss.post(`/runners/${full.idle}/disable?from=list`)).location).toBe("/runners");
    expect((await boss.post(`/runners/${full.idle}/enable?from=list`)).location).toBe("/runners");
  });

  test("renames, and tells beside the field what will not do", async () => {
    const taken = await boss.post(`/runners/${full.idle}/rename`, { name: "render-01" });
    expect([taken.status, textOf(taken.page)]).toEqual([
      409,
      expect.stringContaining('There is a runner "render-01" already.'),
    ]);
    expect((await boss.post(`/runners/${full.idle}/rename`, { name: "render-09" })).status).toBe(303);
    expect(farm.runners.get(full.idle)!.name).toBe("render-09");
  });

  test("deletes one that is not there, and refuses one that is", async () => {
    expect((await boss.post(`/runners/${full.idle}/delete`)).status).toBe(409);
    expect((await boss.post(`/runners/${full.offline}/delete`)).location).toBe("/runners");
    expect(farm.runners.get(full.offline)).toBeNull();
  });
});

describe("an own runner", () => {
  test("is its owner's to see and to change, with what it was at for others left out", async () => {
    const own = await addTestRunner(farm, "laptop", { ownerId: full.annId });
    expect(textOf((await ann.get("/runners")).page)).toContain("laptop");
    expect((await ann.get(`/runners/${own.id}`)).status).toBe(200);
    await ann.post(`/runners/${own.id}/drain`);
    expect(statusOf(own.id)).toBe("draining");
  });
});

describe("adding a runner", () => {
  test("gives the command for this farm as the browser knows it, with a key that works once it is made", async () => {
    const before = textOf((await ann.get("/runners/add", { host: "farm.example" })).page);
    expect(before).toContain("JIGGABLEND_API_KEY=KEY ./jiggablend runner --manager http://farm.example");
    const visit = await ann.post("/runners/add", { name: "laptop" });
    const [, key] = /JIGGABLEND_API_KEY=(jk_r0_\S+) \.\/jiggablend runner --manager http:\/\/localhost/.exec(
      textOf(visit.page),
    )!;
    expect(key).toBeDefined();
    expect(allKeys(farm).find(({ name }) => name === "laptop")).toMatchObject({ scope: "user", userId: full.annId });
    expect(textOf((await ann.get("/runners/add")).page)).not.toContain(key!);
  });

  test("makes a key for everybody's jobs only for an admin, whatever the form says", async () => {
    await ann.post("/runners/add", { name: "sly", whose: "farm" });
    expect(allKeys(farm).find(({ name }) => name === "sly")).toMatchObject({ scope: "user" });
    await boss.post("/runners/add", { name: "box", whose: "farm" });
    expect(allKeys(farm).find(({ name }) => name === "box")).toMatchObject({ scope: "manager", userId: null });
  });

  test("tells beside the field that a name is taken, and proposes one that is not", async () => {
    const cleo = await signedIn(farm, "cleo@x");
    await cleo.post("/runners/add", { name: "render-box" });
    const again = await cleo.post("/runners/add", { name: "render-box" });
    expect([again.status, textOf(again.page)]).toEqual([
      409,
      expect.stringContaining('There is a key "render-box" already.'),
    ]);
    expect((await cleo.get("/runners/add")).page).toContain('value="render-box-2"');
  });
});
