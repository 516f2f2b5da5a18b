/** What a hostile file may cost at most. A file that needs more is refused as `too_large`. */
export type BlendLimits = {
  /** Size of the file once inflated. */
  inflatedBytes: number;
  /** Inflated bytes per stored byte, counted once more than `FREE_INFLATED_BYTES` came out. */
  inflateRatio: number;
  /** Blocks in the file, kept or not. */
  blocks: number;
  /** Memory for the blocks that are kept while the file streams by. */
  keptBytes: number;
  /** Structs visited, and texts read, while the kept blocks are interpreted. */
  steps: number;
};

/**
 * Far above real files: Blender's own inflate to 2 to 20 times their size, and large productions have a few million blocks.
 * gzip can reach 1,032 times, zstd more than 30,000 times.
 */
export const DEFAULT_LIMITS: BlendLimits = {
  inflatedBytes: 1e12,
  inflateRatio: 250,
  blocks: 50e6,
  keptBytes: 512 * 2 ** 20,
  steps: 5e6,
};

/** Below this, any ratio is fine: a new scene full of zeros costs nobody anything. */
export const FREE_INFLATED_BYTES = 2 ** 30;
