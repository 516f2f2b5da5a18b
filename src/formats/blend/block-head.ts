import { damaged } from "./error.ts";
import type { BlendHeader, BlockHeadLayout } from "./header.ts";

/** What stands before every block of a .blend. */
export type BlockHead = {
  /** What the block is: two letters for an ID (`SC` a scene, `OB` an object …), `DATA`, or one of a few names of four. */
  code: string;
  /** Bytes that follow this head. */
  length: number;
  /** Where it lay in the memory of the Blender that saved it: the number that pointers to it hold. */
  address: bigint;
  /** Which struct of DNA1 it holds, and how many of them. */
  struct: number;
  count: number;
};

export const CODE_BYTES = 4;
const HEAD_BYTES: Record<BlockHeadLayout, number> = { BHead4: 20, BHead8: 24, LargeBHead8: 32 };

/** The bytes of a head that follow its code. */
export function restOfHeadBytes(layout: BlockHeadLayout): number {
  return HEAD_BYTES[layout] - CODE_BYTES;
}

/**
 * Reads a block's code. The two letters of an ID stand before two zeros, and behind them where the machine was big endian.
 * Anything else in this place means that the length before was wrong.
 */
export function blockCode(bytes: Uint8Array): string {
  const code = String.fromCharCode(...bytes);
  const name = /^\0*([A-Z][A-Z0-9]{1,3})\0*$/.exec(code)?.[1];
  if (name === undefined) throw damaged("a block does not begin where the one before ends");
  return name;
}

/** Reads the head behind its code. In the layout of 5.0 not only the sizes but also the order of the fields changed. */
export function blockHead(code: string, rest: Uint8Array, { layout, littleEndian }: BlendHeader): BlockHead {
  const head = READERS[layout](code, new DataView(rest.buffer, rest.byteOffset, rest.byteLength), littleEndian);
  if (!Number.isSafeInteger(head.length) || head.length < 0) throw damaged("a block has an impossible length");
  return head;
}

type HeadReader = (code: string, view: DataView, littleEndian: boolean) => BlockHead;

const READERS: Record<BlockHeadLayout, HeadReader> = {
  BHead4: (code, view, littleEndian) => ({
    code,
    length: view.getInt32(0, littleEndian),
    address: BigInt(view.getUint32(4, littleEndian)),
    struct: view.getInt32(8, littleEndian),
    count: view.getInt32(12, littleEndian),
  }),
  BHead8: (code, view, littleEndian) => ({
    code,
    length: view.getInt32(0, littleEndian),
    address: view.getBigUint64(4, littleEndian),
    struct: view.getInt32(12, littleEndian),
    count: view.getInt32(16, littleEndian),
  }),
  LargeBHead8: (code, view, littleEndian) => ({
    code,
    struct: view.getInt32(0, littleEndian),
    address: view.getBigUint64(4, littleEndian),
    length: Number(view.getBigInt64(12, littleEndian)),
    count: Number(view.getBigInt64(20, littleEndian)),
  }),
};
