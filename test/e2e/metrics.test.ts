import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { checkMetrics } from "../support/promtool.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** What the manager tells Prometheus, judged by Prometheus' own promtool. */
const PATIENCE = 60_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
beforeAll(async () => {
  farm = await startFarm();
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

const metrics = async (headers = farm.api.headers): Promise<string> => {
  const answer = await fetch(`${farm.url}/metrics`, { headers });
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return answer.text();
};

/** The value of a sample, by its name and labels as they are written. */
const valueOf = (text: string, sample: string): number => {
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  if (!line) throw new Error(`there is no ${sample} in\n${text}`);
  return Number(line.slice(sample.length + 1));
};

/** Everything but the values. */
const series = (text: string): string[] => text.split("\n").map((line) => line.replace(/ \S+$/, ""));

test("promtool finds nothing wrong, and finds what is wrong", async () => {
  expect(await checkMetrics(await metrics())).toBe("");
  expect(await checkMetrics("# TYPE a counter\na{b=c} 1\n")).not.toBe("");
});

test("they are for admins and their keys alone", async () => {
  const ann = await farm.addUser("ann@example.com");
  const keys = [await farm.addKey("ann", "--scope", "user", "--user", "ann@example.com"), farm.runnerKey];
  for (const headers of [ann.headers, ...keys.map((key) => ({ authorization: `Bearer ${key}` }))])
    expect((await fetch(`${farm.url}/metrics`, { headers })).status).toBe(403);
  expect((await fetch(`${farm.url}/metrics`)).status).toBe(401);
  const key = await farm.addKey("prometheus", "--scope", "user", "--user", "admin@example.com");
  expect(await checkMetrics(await metrics({ authorization: `Bearer ${key}` }))).toBe("");
});

test("they count what happens on the farm", async () => {
  await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1-3" });
  await until("the tasks are counted", async () => valueOf(await metrics(), "jiggablend_tasks_queued") === 3);
  const runner = await RawRunner.register(farm.url, farm.runnerKey);
  await runner.lease();
  const text = await metrics();
  expect(valueOf(text, "jiggablend_tasks_queued")).toBe(2);
  expect(valueOf(text, "jiggablend_leases")).toBe(1);
  expect(valueOf(text, 'jiggablend_runners{state="online"}')).toBe(1);
  expect(valueOf(text, 'jiggablend_stored_bytes{kind="upload"}')).toBeGreaterThan(1000);
  expect(await checkMetrics(text)).toBe("");
});

test("nothing that callers make up becomes a label", async () => {
  const call = (i: number) => [
    fetch(`${farm.url}/api/jobs/${1000 + i}`, { headers: farm.api.headers }),
    fetch(`${farm.url}/made-up-${i}`),
    fetch(`${farm.url}/api/made-up-${i}?x=${i}`, { method: "PATCH" }),
    fetch(`${farm.url}/api/jobs/x"\\${i}`, { headers: farm.api.headers }),
    fetch(`${farm.url}/api/jobs`, { method: `METHOD${i}` }),
    RawRunner.register(farm.url, farm.runnerKey, `runner "${i}"`),
    farm.api.createJob({ name: `job "${i}\\` }),
  ];
  await Promise.all(call(0));
  const before = series(await metrics());
  await Promise.all(Array.from({ length: 30 }, (_, i) => call(i + 1)).flat());
  const text = await metrics();
  expect(series(text)).toEqual(before);
  expect(text).not.toMatch(/made-up|METHOD/);
  expect(await checkMetrics(text)).toBe("");
});
