const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size in bytes with about three digits, in powers of 1000 as disks and browsers count: 3.21 GB, 50 GB. */
export function tellSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits).replace(/\.0+$/, "")} ${UNITS[unit]}`;
}
