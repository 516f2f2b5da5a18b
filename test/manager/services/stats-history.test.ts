import { describe, expect, test } from "bun:test";
import { HOUR_MS } from "#manager/db/figures.ts";
import { insertSample, listSamples } from "#manager/db/samples.ts";
import { farmHistory, forgetOldSamples, takeSample } from "#manager/services/stats-history.ts";
import { fillFarm } from "../../support/full-farm.ts";
import { memoryFarm } from "../../support/memory-farm.ts";

const EMPTY = { runnersOnline: 2, runnersBusy: 1, tasksQueued: 10, framesLeft: 10, storedBytes: 5, freeBytes: 5 };

describe("the history of a farm", () => {
  test("sums up what each hour had, and ends with the hour that is not over", async () => {
    await using farm = await memoryFarm();
    const full = await fillFarm(farm, { frames: 12 });
    const history = await farmHistory(farm, "day");
    expect(history.steps).toHaveLength(24);
    expect(history.steps.reduce((sum, { frames }) => sum + frames, 0)).toBe(24);
    expect(history.steps.at(-1)!.startMs).toBe(Math.floor(farm.clock.nowMs() / HOUR_MS) * HOUR_MS);
    expect(history.failures[0]).toMatchObject({ reason: "out_of_memory" });
    expect(history.steps.reduce((sum, { failures }) => sum + failures, 0)).toBe(history.failures[0]!.count);
    expect(history.users).toEqual([{ id: full.annId, name: "Ann", frames: 24 }]);
    expect(history.runners[0]).toMatchObject({ id: full.busy.id, frames: 24 });
  });

  test.each([
    ["week", 28, 6],
    ["month", 31, 24],
  ] as const)("of a %s has fewer and longer steps", async (range, count, hours) => {
    await using farm = await memoryFarm();
    await fillFarm(farm, { frames: 3 });
    const { steps, stepHours } = await farmHistory(farm, range);
    expect([steps.length, stepHours]).toEqual([count, hours]);
    expect(steps.at(-1)!.frames + steps.at(-2)!.frames).toBe(6);
  });

  test("shows as many samples as can be drawn, the last one being now", async () => {
    await using farm = await memoryFarm();
    const nowMs = farm.clock.nowMs();
    for (let i = 1; i <= 2000; i++) insertSample(farm.db, { atMs: nowMs - i * 300_000, ...EMPTY });
    const { samples } = await farmHistory(farm, "week");
    expect(samples.length).toBeLessThanOrEqual(289);
    expect(samples[0]).toMatchObject(EMPTY);
    expect(samples.at(-1)).toMatchObject({ atMs: nowMs, runnersOnline: 0, tasksQueued: 0 });
  });

  test("keeps a month of samples", async () => {
    await using farm = await memoryFarm();
    await takeSample(farm);
    farm.clock.advance(32 * 24 * 3600);
    await takeSample(farm);
    forgetOldSamples(farm);
    expect(listSamples(farm.db, 0).map(({ atMs }) => atMs)).toEqual([farm.clock.nowMs()]);
  });
});
