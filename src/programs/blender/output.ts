/** How far a frame is, in samples or tiles, as Blender tells it now and then. */
export type Progress = { done: number; total: number; remainingSeconds: number | null };

const SAMPLES = /\bSample (\d+)\/(\d+)/;
/** Cycles before 3.0. */
const TILES = /\bRendered (\d+)\/(\d+) Tiles/;
/** EEVEE. */
const EEVEE_SAMPLES = /\bRendering (\d+) \/ (\d+) samples/;
const REMAINING = /\bRemaining:\s*([\d:.]+)/;
const MISSING_ENGINE = /\bEngine '(.+)' not available for scene '(.+)' \(/;
const FRAME = /\bFra:\s*(\d+)/;
const SAVED = /\bSaved: '(.+)'/;

/** Reads progress from a line of Blender's output, of 2.83 to 5.x; null for another line. */
export function parseProgress(line: string): Progress | null {
  // A line of tiles also counts the samples, of the tile at hand.
  const match = TILES.exec(line) ?? SAMPLES.exec(line) ?? EEVEE_SAMPLES.exec(line);
  if (!match) return null;
  const remaining = REMAINING.exec(line)?.[1];
  return {
    done: Number(match[1]),
    total: Number(match[2]),
    remainingSeconds: remaining === undefined ? null : parseDuration(remaining),
  };
}

/** Says whether a line only tells how the rendering goes on. */
export function isStatusLine(line: string): boolean {
  return FRAME.test(line) || SAVED.test(line) || parseProgress(line) !== null;
}

/** Reads the complaint about an engine that this Blender does not have; it would render with EEVEE, and say nothing more. */
export function parseMissingEngine(line: string): { engine: string; scene: string } | null {
  const match = MISSING_ENGINE.exec(line);
  return match ? { engine: match[1] ?? "", scene: match[2] ?? "" } : null;
}

/** Reads `01:02:03.04` and `02:03.04` as seconds. */
function parseDuration(text: string): number {
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
