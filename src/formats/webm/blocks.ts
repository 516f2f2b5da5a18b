import type { ByteSource } from "../exr/byte-source.ts";
import { elementsIn, readUnsigned, variableNumber, type WebmElement } from "./elements.ts";
import * as ids from "./ids.ts";

/** Where bytes lie in the file. */
export type WebmBytes = { offset: number; size: number };

/** A frame of a track: its picture or sound, and BlockAdditional 1, which of VP9 is its alpha. */
export type WebmBlock = { track: number; timeMs: number; isKey: boolean; data: WebmBytes; alpha: WebmBytes | null };

const ALPHA_ADDITION_ID = 1;
const SIMPLE_KEY_FRAME = 0x80;
const LONGEST_BLOCK_HEAD_BYTES = 11;

/** Goes through the blocks of a cluster. Times are milliseconds, as in every WebM. */
export async function* blocksIn(source: ByteSource, cluster: WebmElement): AsyncGenerator<WebmBlock, undefined> {
  let clusterMs = 0;
  for await (const element of elementsIn(source, cluster)) {
    if (element.id === ids.TIMESTAMP) clusterMs = await readUnsigned(source, element);
    if (element.id === ids.SIMPLE_BLOCK) {
      const { flags, ...block } = await readBlock(source, element, clusterMs);
      yield { ...block, isKey: (flags & SIMPLE_KEY_FRAME) !== 0, alpha: null };
    }
    if (element.id === ids.BLOCK_GROUP) yield await readGroup(source, element, clusterMs);
  }
}

async function readGroup(source: ByteSource, group: WebmElement, clusterMs: number): Promise<WebmBlock> {
  let block: Omit<WebmBlock, "isKey" | "alpha"> | null = null;
  let alpha: WebmBytes | null = null;
  let isKey = true;
  for await (const element of elementsIn(source, group)) {
    if (element.id === ids.BLOCK) block = await readBlock(source, element, clusterMs);
    if (element.id === ids.REFERENCE_BLOCK) isKey = false;
    if (element.id === ids.BLOCK_ADDITIONS) alpha = await readAlpha(source, element);
  }
  if (!block) throw new Error("The WebM has a group without a block.");
  return { ...block, isKey, alpha };
}

async function readAlpha(source: ByteSource, additions: WebmElement): Promise<WebmBytes | null> {
  for await (const more of elementsIn(source, additions)) {
    let id = ALPHA_ADDITION_ID;
    let data: WebmBytes | null = null;
    for await (const element of elementsIn(source, more)) {
      if (element.id === ids.BLOCK_ADD_ID) id = await readUnsigned(source, element);
      if (element.id === ids.BLOCK_ADDITIONAL) data = { offset: element.start, size: element.end - element.start };
    }
    if (data && id === ALPHA_ADDITION_ID) return data;
  }
  return null;
}

async function readBlock(
  source: ByteSource,
  { start, end }: WebmElement,
  clusterMs: number,
): Promise<Omit<WebmBlock, "isKey" | "alpha"> & { flags: number }> {
  const bytes = await source.read(start, Math.min(end - start, LONGEST_BLOCK_HEAD_BYTES));
  const track = variableNumber(bytes, 0, 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = start + track.length + 3;
  return {
    track: Number(track.value),
    timeMs: clusterMs + view.getInt16(track.length),
    flags: view.getUint8(track.length + 2),
    data: { offset, size: end - offset },
  };
}
