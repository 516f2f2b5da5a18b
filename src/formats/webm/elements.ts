import type { ByteSource } from "../exr/byte-source.ts";

/** An element in a file: its id, where it begins, and where its content begins and ends. */
export type WebmElement = { id: number; headStart: number; start: number; end: number };

const LONGEST_ID_BYTES = 4;
const LONGEST_SIZE_BYTES = 8;

/** Goes through the elements that lie side by side in a part of a file. Throws an Error where they do not fit into it. */
export async function* elementsIn(
  source: ByteSource,
  { start, end }: { start: number; end: number },
): AsyncGenerator<WebmElement, undefined> {
  for (let at = start; at < end;) {
    const bytes = await source.read(at, LONGEST_ID_BYTES + LONGEST_SIZE_BYTES);
    const id = variableNumber(bytes, 0, LONGEST_ID_BYTES);
    const size = variableNumber(bytes, id.length, LONGEST_SIZE_BYTES);
    const content = at + id.length + size.length;
    // All ones: the size was not known when it was written, and the element takes all that is left.
    const isUnknown = size.value === 2n ** BigInt(7 * size.length) - 1n;
    const elementEnd = isUnknown ? end : content + Number(size.value);
    if (elementEnd > end) throw new Error(`The WebM breaks off in an element at ${at}.`);
    yield { id: Number(id.marked), headStart: at, start: content, end: elementEnd };
    at = elementEnd;
  }
}

export type VariableNumber = { value: bigint; marked: bigint; length: number };

/** Reads a number whose leading zeros tell its length; `marked` has the bit behind them too, as ids do. */
export function variableNumber(bytes: Uint8Array, at: number, longest: number): VariableNumber {
  const length = Math.clz32(bytes[at] ?? 0) - 24 + 1;
  if (length > longest || at + length > bytes.byteLength) throw new Error("This is not a WebM, or it is damaged.");
  let marked = 0n;
  for (const byte of bytes.subarray(at, at + length)) marked = (marked << 8n) | BigInt(byte);
  return { value: marked - (1n << BigInt(7 * length)), marked, length };
}

/** The content of an element that is an unsigned integer. */
export async function readUnsigned(source: ByteSource, { start, end }: WebmElement): Promise<number> {
  let value = 0;
  for (const byte of await source.read(start, end - start)) value = value * 256 + byte;
  return value;
}

/** The content of an element that is a floating-point number, of four or eight bytes. */
export async function readFloat(source: ByteSource, { start, end }: WebmElement): Promise<number> {
  const bytes = await source.read(start, end - start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.byteLength === 4 ? view.getFloat32(0) : view.getFloat64(0);
}

export async function readText(source: ByteSource, { start, end }: WebmElement): Promise<string> {
  return new TextDecoder().decode(await source.read(start, end - start));
}
