import type { BlockHead } from "./block-head.ts";

/** How much is kept of a block and of the DATA blocks behind it, while the file streams by. */
export type Keep = { bytes: number; dataBytes: number; bulk: boolean };

const keep = (bytes: number, dataBytes = 0): Keep => ({ bytes, dataBytes, bulk: false });
const keepBulk = (bytes: number, dataBytes = 0): Keep => ({ bytes, dataBytes, bulk: true });

/**
 * The blocks that say what a render needs, by the code in their head. What struct they hold is known only when DNA1 comes,
 * near the file's end, so they must be told by code and size. Kept are the first bytes, more than any version's struct has.
 * `bulk` kinds may be very many; they are the first to go when memory runs out.
 */
const KEEP: ReadonlyMap<string, Keep> = new Map([
  ["DNA1", keep(2 ** 20)], // the layouts of all structs: 135 kB in 5.2
  ["GLOB", keep(4_096)], // what was open when the file was saved
  ["TEST", keep(8 + 4 * 1_024 ** 2)], // the preview, usually of 128 × 128 pixels
  ["SC", keep(16_384, 65_536)], // scene; DATA: view layers, strips, compositor nodes …
  ["LI", keep(4_096)], // library
  ["ID", keep(1_024)], // stands for a linked ID: its name
  ["IM", keep(4_096, 2_048)], // image; DATA: what is packed, tiles
  ["SO", keep(4_096)], // sound
  ["VF", keep(4_096)], // font
  ["MC", keep(4_096)], // movie clip
  ["CF", keep(4_096)], // cache file: Alembic, USD
  ["VO", keep(4_096)], // volume: OpenVDB
  ["TX", keep(1_024)], // text; its path is a raw DATA block
  ["OB", keepBulk(2_048, 4_096)], // object; DATA: modifiers, particle systems, point caches …
  ["GR", keepBulk(1_024, 256)], // collection; DATA: its objects and children
  ["NT", keepBulk(2_048, 2_048)], // node group; DATA: nodes
  ["PA", keepBulk(4_096)], // particle settings
]);

/** The struct number of blocks that hold no struct but raw bytes. */
const RAW = 0;
/** A raw block is kept where it may be a path, which Blender limits to 1,024 bytes. */
const PATH_BYTES = 1_100;

/** What to keep of a block with this code; null for a kind that says nothing about a render. */
export function keepOf(code: string): Keep | null {
  return KEEP.get(code) ?? null;
}

/** How many bytes of a block to keep: an ID, or DATA behind it. */
export function wantedBytes(keep: Keep, { code, struct, length }: BlockHead): number {
  if (code !== "DATA") return Math.min(length, keep.bytes);
  if (struct === RAW) return length <= PATH_BYTES ? length : 0;
  return Math.min(length, keep.dataBytes);
}
