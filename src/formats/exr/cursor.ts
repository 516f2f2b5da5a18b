/** Thrown when a value reaches beyond the bytes at hand; the header reader then fetches more, or says that it is truncated. */
export class EndOfBytes extends Error {}

/** Reads values one after the other: little-endian, as everything in an EXR. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A 64-bit number; above 2^53 it is not exact, which no offset in a file is. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A text that ends with a NUL; empty where there is only the NUL. Null when it is longer than `maxBytes`. */
  text(maxBytes: number): string | null {
    const end = this.#bytes.indexOf(0, this.#position);
    const isTooLong = (end === -1 ? this.#bytes.byteLength : end) - this.#position > maxBytes;
    if (isTooLong) return null;
    if (end === -1) throw new EndOfBytes();
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#position, end));
    this.#position = end + 1;
    return text;
  }

  #take(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.byteLength - start) throw new EndOfBytes();
    this.#position = start + length;
    return start;
  }
}
