const POLL_MS = 25;

/**
 * Asks again and again until there is an answer, and returns it; null and undefined and false are none.
 * Throws after the deadline, naming what was waited for and what `describe` says of the state of things.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  options: { seconds?: number; describe?: () => unknown } = {},
): Promise<NonNullable<T>> {
  const { seconds = 30, describe } = options;
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      const state = describe ? `\n${JSON.stringify(await describe(), null, 1)}` : "";
      throw new Error(`not within ${seconds} s: ${what}${state}`);
    }
    await Bun.sleep(POLL_MS);
  }
}
