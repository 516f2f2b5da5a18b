// Sizes and times as people say them.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function tellSize(bytes) {
  let [value, unit] = [bytes, 0];
  for (; value >= 999.5 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export function tellTimeLeft(seconds) {
  if (seconds < 1) return "about a second";
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Speed in bytes a second over the last few seconds, so that a change of it is seen soon. */
export function speedometer() {
  const seen = [];
  return (bytes) => {
    const now = performance.now();
    seen.push([now, bytes]);
    while (seen.length > 2 && now - seen[0][0] > 5000) seen.shift();
    const [since, from] = seen[0];
    return now - since < 250 ? null : ((bytes - from) * 1000) / (now - since);
  };
}
