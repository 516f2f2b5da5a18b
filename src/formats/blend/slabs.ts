const SLAB_BYTES = 2 ** 20;

/** Keeps copies of many small pieces of memory in few large ones: a buffer of its own costs more than most of them hold. */
export class Slabs {
  #free = new Uint8Array(0);

  /** A copy that stays as it is. */
  copy(bytes: Uint8Array): Uint8Array {
    if (bytes.length > SLAB_BYTES / 8) return bytes.slice();
    if (bytes.length > this.#free.length) this.#free = new Uint8Array(SLAB_BYTES);
    const copy = this.#free.subarray(0, bytes.length);
    copy.set(bytes);
    this.#free = this.#free.subarray(bytes.length);
    return copy;
  }
}
