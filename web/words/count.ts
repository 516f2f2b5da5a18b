const DIGITS = new Intl.NumberFormat("en");

/** A whole number as people read it: 10,000. */
export function tellNumber(count: number): string {
  return DIGITS.format(count);
}

/** A count with its noun: 1 frame, 10,000 frames. */
export function tellCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${tellNumber(count)} ${count === 1 ? noun : plural}`;
}
