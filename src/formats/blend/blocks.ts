import { CODE_BYTES, type BlockHead, blockCode, blockHead, restOfHeadBytes } from "./block-head.ts";
import { tooLarge } from "./error.ts";
import { type BlendHeader, scanHeader } from "./header.ts";
import { type Keep, keepOf, keptDataBytes } from "./keep.ts";
import type { BlendLimits } from "./limits.ts";
import type { Scan } from "./scan.ts";

/** A kept block; `data` may be only its first bytes. */
export type Block = BlockHead & { data: Uint8Array };

/** A kept block that is no DATA, with the DATA behind it. Addresses of DATA are unique only within their datablock. */
export type Datablock = Block & { blocks: Block[] };

export type BlendBlocks = {
  header: BlendHeader;
  datablocks: Datablock[];
  /** Some objects, collections or node groups were dropped, because there were too many to keep. */
  partial: boolean;
};

/**
 * Reads all block heads of a .blend to its end mark (ENDB), and keeps the blocks that `keep.ts` names. The memory it takes is
 * limited by `limits.keptBytes`, whatever the file says. Throws `not_a_blend`, `unsupported`, `damaged` or `too_large`.
 */
export function* scanBlocks(limits: BlendLimits): Scan<BlendBlocks> {
  const header = yield* scanHeader();
  const kept = new KeptBlocks(limits.keptBytes);
  for (let number = 0; number < limits.blocks; number++) {
    const code = blockCode(yield { take: CODE_BYTES });
    // The last head may be cut short: its code is all that is sure to be there.
    if (code === "ENDB") return { header, datablocks: kept.datablocks, partial: kept.partial };

    const head = blockHead(code, yield { take: restOfHeadBytes(header.layout) }, header);
    const wanted = kept.wants(head);
    if (wanted > 0) kept.add({ ...head, data: (yield { take: wanted }).slice() });
    yield { skip: head.length - wanted };
  }
  throw tooLarge("it has too many blocks");
}

/** What a kept block costs in memory besides its bytes. */
const BLOCK_OVERHEAD_BYTES = 320;

/** The part of the memory that bulk kinds may fill; the rest is for scenes, images, libraries … */
const BULK_SHARE = 0.75;

class KeptBlocks {
  readonly datablocks: Datablock[] = [];
  partial = false;
  #keep: Keep | null = null; // of the datablock whose DATA blocks follow
  #freeBytes: number;
  #freeBulkBytes: number;

  constructor(bytes: number) {
    this.#freeBytes = bytes;
    this.#freeBulkBytes = bytes * BULK_SHARE;
  }

  /** How many bytes of the block with this head to keep, none or its first ones; they count as kept from now on. */
  wants(head: BlockHead): number {
    const isData = head.code === "DATA";
    if (!isData) this.#keep = keepOf(head.code);
    const keep = this.#keep;
    if (!keep) return 0;
    const wanted = isData ? keptDataBytes(keep, head.struct, head.length) : Math.min(head.length, keep.bytes);
    if (wanted === 0) return 0;

    const cost = wanted + BLOCK_OVERHEAD_BYTES;
    if (keep.bulk && cost > this.#freeBulkBytes) {
      this.partial = true;
      if (!isData) this.#keep = null;
      return 0;
    }
    if (cost > this.#freeBytes) throw tooLarge("it has too many scenes, images or libraries");
    this.#freeBytes -= cost;
    if (keep.bulk) this.#freeBulkBytes -= cost;
    return wanted;
  }

  add(block: Block): void {
    if (block.code === "DATA") this.datablocks.at(-1)?.blocks.push(block);
    else this.datablocks.push({ ...block, blocks: [] });
  }
}
