import { expect, test } from "bun:test";
import { forEachOf, together, Turns } from "#programs/video/together.ts";

test("when one fails the others are aborted, and its error is what is told", async () => {
  let wasAborted = false;
  const waits = (signal: AbortSignal): Promise<void> =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        wasAborted = true;
        reject(new Error("aborted"));
      }),
    );
  const fails = (): Promise<void> => Promise.reject(new Error("the first"));
  expect(together([waits, fails], new AbortController().signal)).rejects.toThrow("the first");
  await together([waits, fails], new AbortController().signal).catch(() => {});
  expect(wasAborted).toBe(true);
});

test("each number comes once and in order, so many at once", async () => {
  const begun: number[] = [];
  let [now, most] = [0, 0];
  await forEachOf(
    7,
    3,
    async (number) => {
      begun.push(number);
      most = Math.max(most, ++now);
      await Bun.sleep(0);
      now -= 1;
    },
    new AbortController().signal,
  );
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(3);
});

test("works wait for their turn, also behind one that fails", async () => {
  const turns = new Turns(1);
  const seen: string[] = [];
  const fails = turns.take(async () => {
    await Bun.sleep(0);
    seen.push("first");
    throw new Error("no");
  });
  const second = turns.take(async () => void seen.push("second"));
  expect(fails).rejects.toThrow("no");
  await second;
  expect(seen).toEqual(["first", "second"]);
});
