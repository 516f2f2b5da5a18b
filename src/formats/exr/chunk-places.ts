import { linesPerChunk } from "./compression.ts";
import { type ExrChannel, type ExrPart, type ExrTiles, sizeOf } from "./part.ts";

/**
 * What a chunk must say of itself: its coordinates (the first line of scan lines; column, line and level of a tile), and
 * the most bytes its pixels can have. Compression never makes them more: then they are stored as they are.
 */
export type ChunkPlace = { coordinates: number[]; maxBytes: number };

const BYTES_PER_VALUE = { uint: 4, half: 2, float: 4 } as const;

/** How many chunks a part must have. */
export function countChunks(part: ExrPart): number {
  const { width, height } = sizeOf(part.dataWindow);
  if (part.tiles === null) return Math.ceil(height / linesPerChunk(part.compression));
  let chunks = 0;
  for (const level of levelsOf(part.tiles, width, height)) chunks += level.columns * level.rows;
  return chunks;
}

/** The chunks of a part in the order of its offset table. */
export function* chunkPlaces(part: ExrPart): Generator<ChunkPlace> {
  if (part.tiles === null) yield* linePlaces(part);
  else yield* tilePlaces(part, part.tiles);
}

/** The table goes from the top line down, whatever the order of the chunks in the file. */
function* linePlaces({ dataWindow, compression, channels }: ExrPart): Generator<ChunkPlace> {
  const lines = linesPerChunk(compression);
  const { width } = sizeOf(dataWindow);
  for (let y = dataWindow.yMin; y <= dataWindow.yMax; y += lines) {
    const height = Math.min(lines, dataWindow.yMax - y + 1);
    yield { coordinates: [y], maxBytes: pixelBytes(channels, width, height) };
  }
}

function* tilePlaces({ dataWindow, channels }: ExrPart, tiles: ExrTiles): Generator<ChunkPlace> {
  const { width, height } = sizeOf(dataWindow);
  const maxBytes = pixelBytes(channels, tiles.width, tiles.height);
  for (const level of levelsOf(tiles, width, height))
    for (let row = 0; row < level.rows; row++)
      for (let column = 0; column < level.columns; column++)
        yield { coordinates: [column, row, level.x, level.y], maxBytes };
}

type Level = { x: number; y: number; columns: number; rows: number };

/** A mipmap halves both sides from level to level, a ripmap each side on its own (OpenEXR, ImfTiledMisc.cpp). */
function* levelsOf(tiles: ExrTiles, width: number, height: number): Generator<Level> {
  const level = (x: number, y: number): Level => ({
    x,
    y,
    columns: Math.ceil(halved(width, x, tiles.rounding) / tiles.width),
    rows: Math.ceil(halved(height, y, tiles.rounding) / tiles.height),
  });
  switch (tiles.levels) {
    case "one":
      yield level(0, 0);
      return;
    case "mipmap":
      for (let i = 0; i < countLevels(Math.max(width, height), tiles.rounding); i++) yield level(i, i);
      return;
    case "ripmap":
      for (let y = 0; y < countLevels(height, tiles.rounding); y++)
        for (let x = 0; x < countLevels(width, tiles.rounding); x++) yield level(x, y);
      return;
    default:
      tiles.levels satisfies never;
  }
}

function countLevels(side: number, rounding: ExrTiles["rounding"]): number {
  const halvings = Math.log2(side);
  return (rounding === "down" ? Math.floor(halvings) : Math.ceil(halvings)) + 1;
}

function halved(side: number, times: number, rounding: ExrTiles["rounding"]): number {
  const rest = side / 2 ** times;
  return Math.max(1, rounding === "down" ? Math.floor(rest) : Math.ceil(rest));
}

function pixelBytes(channels: readonly ExrChannel[], width: number, height: number): number {
  return channels.reduce((sum, channel) => {
    const columns = Math.ceil(width / channel.xSampling);
    const lines = Math.ceil(height / channel.ySampling);
    return sum + columns * lines * BYTES_PER_VALUE[channel.type];
  }, 0);
}
