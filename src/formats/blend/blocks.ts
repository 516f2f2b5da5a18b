import { CODE_BYTES, type BlockHead, blockCode, blockHead, restOfHeadBytes } from "./block-head.ts";
import { tooLarge } from "./error.ts";
import { type BlendHeader, scanHeader } from "./header.ts";
import { type Keep, keepOf, wantedBytes } from "./keep.ts";
import type { BlendLimits } from "./limits.ts";
import type { Scan } from "./scan.ts";
import { Slabs } from "./slabs.ts";

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
    if (wanted > 0) kept.add(head, yield { take: wanted });
    yield { skip: head.length - wanted };
  }
  throw tooLarge("it has too many blocks");
}

/** What a kept block costs in memory besides its bytes; measured with half a million of them. */
const BLOCK_OVERHEAD_BYTES = 400;

/** The part of the memory that bulk kinds may fill; the rest is for scenes, images, libraries … */
const BULK_SHARE = 0.75;

class KeptBlocks {
  readonly datablocks: Datablock[] = [];
  partial = false;
  readonly #slabs = new Slabs();
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
    const keep = isData ? this.#keep : keepOf(head.code);
    const wanted = keep ? this.#allow(keep, wantedBytes(keep, head)) : 0;
    if (!isData) this.#keep = wanted > 0 ? keep : null;
    return wanted;
  }

  /** As many bytes as wanted, or none where memory is used up. */
  #allow(keep: Keep, wanted: number): number {
    if (wanted === 0) return 0;
    const cost = wanted + BLOCK_OVERHEAD_BYTES;
    if (keep.bulk && cost > this.#freeBulkBytes) {
      this.partial = true;
      return 0;
    }
    if (cost > this.#freeBytes) throw tooLarge("it has too many scenes, images or libraries");
    this.#freeBytes -= cost;
    if (keep.bulk) this.#freeBulkBytes -= cost;
    return wanted;
  }

  add(head: BlockHead, bytes: Uint8Array): void {
    const data = this.#slabs.copy(bytes);
    if (head.code === "DATA") this.datablocks.at(-1)?.blocks.push({ ...head, data });
    else this.datablocks.push({ ...head, data, blocks: [] });
  }
}
