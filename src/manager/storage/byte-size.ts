const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** A size for people: `512 bytes`, `1.5 MB`, `53.7 GB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  const value = bytes / 1000 ** power;
  return `${value.toFixed(Number.isInteger(value) ? 0 : 1)} ${UNITS[power - 1]}`;
}
