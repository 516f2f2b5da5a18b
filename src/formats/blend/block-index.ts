import type { BlendBlocks, Block, Datablock } from "./blocks.ts";
import { type Dna, type DnaStruct, parseDna } from "./dna.ts";
import { damaged, tooLarge } from "./error.ts";
import type { BlendHeader } from "./header.ts";

/** Finds kept blocks by code and by address: what the pointers in a file point to. */
export class BlockIndex {
  readonly header: BlendHeader;
  readonly dna: Dna;
  readonly #datablocks: readonly Datablock[];
  readonly #byAddress = new Map<bigint, Datablock>();
  readonly #data = new Map<Datablock, Map<bigint, Block>>();
  #stepsLeft: number;

  /** Throws `damaged` when the file's struct layouts are missing or unreadable. */
  constructor({ header, datablocks }: BlendBlocks, steps: number) {
    const dna = datablocks.find(({ code }) => code === "DNA1");
    if (!dna) throw damaged("the description of its structs is missing");
    this.header = header;
    this.dna = parseDna(dna.data, header);
    this.#datablocks = datablocks;
    this.#stepsLeft = steps;
    for (const datablock of datablocks) addOnce(this.#byAddress, datablock);
  }

  withCode(code: string): Datablock[] {
    return this.#datablocks.filter((datablock) => datablock.code === code);
  }

  datablock(address: bigint): Datablock | null {
    return this.#byAddress.get(address) ?? null;
  }

  /** The DATA block of `owner` with this address. */
  dataOf(owner: Datablock, address: bigint): Block | null {
    let data = this.#data.get(owner);
    if (!data) {
      data = new Map();
      for (const block of owner.blocks) addOnce(data, block);
      this.#data.set(owner, data);
    }
    return data.get(address) ?? null;
  }

  typeOf(block: Block): DnaStruct | null {
    return this.dna.structs[block.struct] ?? null;
  }

  /** Counts what was looked at, and throws `too_large` at the limit: no file may keep its reader busy for ever. */
  step(steps = 1): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) throw tooLarge("its scenes take too long to go through");
  }
}

/** Addresses are unique in what Blender writes; in what it does not, the first block counts. */
function addOnce<B extends Block>(index: Map<bigint, B>, block: B): void {
  if (!index.has(block.address)) index.set(block.address, block);
}
