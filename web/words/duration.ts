const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration by its two largest units: 0.4 s, 45 s, 3 min 20 s, 2 h 5 min, 4 d 3 h. */
export function tellDuration(seconds: number): string {
  if (seconds < 10) return `${Number(Math.max(0, seconds).toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return two(whole, MINUTE, "min", 1, "s");
  if (whole < DAY - MINUTE / 2) return two(whole, HOUR, "h", MINUTE, "min");
  return two(whole, DAY, "d", HOUR, "h");
}

/**
 * The time that is left, no more exact than it can be known. It also changes seldom, so that a page that shows it is
 * not a new page at every poll.
 */
export function tellTimeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} s`;
  if (seconds < 90 * MINUTE) return `about ${Math.round(seconds / MINUTE)} min`;
  if (seconds < DAY) return `about ${Math.round(seconds / HOUR)} h`;
  return `about ${two(Math.round(seconds / HOUR) * HOUR, DAY, "d", HOUR, "h")}`;
}

function two(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rounded = Math.round(seconds / small) * small;
  const rest = Math.round((rounded % large) / small);
  return `${Math.floor(rounded / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}
