import { expect, test } from "bun:test";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { backoffMs, retrying } from "#runner/retry.ts";
import { stillPatience } from "./support/fixtures.ts";

const never = new AbortController().signal;

test("waits grow with each failure, up to half a minute", () => {
  expect([1, 2, 3, 6, 7, 100].map((failures) => backoffMs(failures, 1))).toEqual([
    1000, 2000, 4000, 30_000, 30_000, 30_000,
  ]);
});

test("the jitter is full: a wait may be anything from nothing to its bound", () => {
  expect([0, 0.25, 1].map((random) => backoffMs(3, random))).toEqual([0, 1000, 4000]);
});

test("a call is made again and again until it succeeds", async () => {
  const patience = stillPatience();
  let calls = 0;
  const result = retrying("calling", patience, never, async () => {
    calls += 1;
    if (calls < 4) throw new ManagerUnreachable("away");
    return "done";
  });
  for (const ms of [1000, 2000, 4000]) {
    await patience.time.waitedFor(ms);
    patience.time.advance(ms);
  }
  expect(await result).toBe("done");
  expect(calls).toBe(4);
});

test("a refusal is not asked for twice", async () => {
  let calls = 0;
  const result = retrying("calling", stillPatience(), never, async () => {
    calls += 1;
    throw new ManagerRefusal(409, "lease_lost", "no");
  });
  expect(await result.catch((error: unknown) => error)).toBeInstanceOf(ManagerRefusal);
  expect(calls).toBe(1);
});

test("the manager's own wish to be left alone counts where it is longer", async () => {
  const patience = stillPatience();
  const results = [new ManagerUnreachable("busy", 429, 60_000), null];
  const result = retrying("calling", patience, never, async () => {
    const error = results.shift();
    if (error) throw error;
  });
  await patience.time.waitedFor(60_000);
  patience.time.advance(60_000);
  await result;
  expect(results).toEqual([]);
});

test("an abort ends the waiting with its reason", async () => {
  const patience = stillPatience();
  const stop = new AbortController();
  const result = retrying("calling", patience, stop.signal, async () => {
    throw new ManagerUnreachable("away");
  });
  await patience.time.waitedFor(1000);
  stop.abort(new Error("stopped"));
  expect(await result.catch((error: unknown) => error)).toEqual(new Error("stopped"));
  expect(patience.time.waits).toEqual([]);
});

test("the log speaks of a call that does not succeed at first, and then every five minutes", async () => {
  const patience = stillPatience();
  const lines: string[] = [];
  const log = { ...patience.log, warn: (line: string) => void lines.push(line) };
  const stop = new AbortController();
  const result = retrying("uploading", { ...patience, log, random: () => 0 }, stop.signal, async () => {
    patience.time.advance(60_000);
    if (patience.time.nowMs() > 1_000_000 + 600_000) stop.abort();
    throw new ManagerUnreachable("away");
  });
  await result.catch(() => {});
  expect(lines).toEqual(Array(2).fill("uploading: not yet; trying again"));
});
