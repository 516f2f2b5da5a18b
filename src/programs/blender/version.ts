/** Blender prints its version on a line of its own, after whatever else; LTS versions say so behind it. */
const VERSION_LINE = /^Blender (\d+)\.(\d+)(?:\.(\d+))?/;

/** Reads the version, as `3.4.1`, from a line of `blender --version`; null for another line. */
export function parseVersionLine(line: string): string | null {
  const match = VERSION_LINE.exec(line);
  return match ? `${match[1]}.${match[2]}.${match[3] ?? 0}` : null;
}
