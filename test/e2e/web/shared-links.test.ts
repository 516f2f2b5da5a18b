import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { addQueuedJob } from "../../support/memory-farm.ts";
import { openStage, type Stage, type Visit } from "./stage.ts";

let stage: Stage;
let visit: Visit;
let link: string;

beforeAll(async () => {
  stage = await openStage();
  link = `/jobs/${addQueuedJob(stage.farm, { userId: stage.annId, frames: "1-24" })}#play-12`;
}, 60_000);
afterEach(() => visit.close());
afterAll(() => stage.close());

const isAt = (path: string) => visit.page.waitForURL(stage.url + path);
const isShown = (frame: number) => visit.page.locator(`.player output:text-is('Frame ${frame} of 24')`).waitFor();

describe("a link to a frame in the player", () => {
  test("shows that frame, also to who must sign in first", async () => {
    visit = await stage.open(link);
    await isAt(link);
    await isShown(12);
    expect(visit.complaints()).toEqual([]);
  }, 60_000);

  test("is not lost with a wrong password", async () => {
    visit = await stage.arrive(link);
    await visit.page.fill("#email", "ann@example.com");
    await visit.page.fill("#password", "not hers");
    await visit.page.click("main button");
    await visit.page.locator(".notice.bad").waitFor();
    await stage.signIn(visit.page);
    await isAt(link);
    expect(visit.complaints("401")).toEqual([]);
  }, 60_000);

  test("is where one goes on when a session has ended", async () => {
    visit = await stage.open(link);
    await isShown(12);
    stage.farm.db.run("DELETE FROM sessions");
    await visit.page.waitForURL("**/login?next=**");
    await stage.signIn(visit.page);
    await isAt(link);
    await isShown(12);
    expect(visit.complaints("401")).toEqual([]);
  }, 60_000);

  test("leads to its page without a script, too", async () => {
    visit = await stage.open(link, { javaScriptEnabled: false });
    await isAt(link);
  }, 60_000);
});

test.each(["//elsewhere.example", "/%5Celsewhere.example", "https://elsewhere.example/#/jobs"])(
  "a link to sign in and then to %p leads to the jobs, whatever follows its #",
  async (next) => {
    visit = await stage.open(`/login?next=${next}#//elsewhere.example`);
    expect(visit.page.url()).toStartWith(`${stage.url}/jobs`);
  },
  60_000,
);
