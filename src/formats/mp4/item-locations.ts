import type { Shift } from "./chunk-offsets.ts";

/** Moves the places of the pictures that an AVIF names beside its tracks: the box `iloc` in `meta` (ISO/IEC 14496-12, 8.11.3). */
export function shiftItems(meta: Uint8Array, shift: Shift): Uint8Array {
  const bytes = Buffer.from(meta);
  for (let at = META_HEAD_BYTES; at + 8 <= bytes.byteLength;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.byteLength) throw new Error("The AVIF is damaged: a box does not fit.");
    if (bytes.toString("latin1", at + 4, at + 8) === "iloc") shiftLocations(bytes.subarray(at + 8, at + size), shift);
    at += size;
  }
  return bytes;
}

/** Size, type, version and flags. */
const META_HEAD_BYTES = 12;

/** Only data that lie in the file itself are moved; others are counted from elsewhere. */
const IN_FILE = 0;

/** Goes through the locations of a box of any version; sizes of its fields are 0, 4 or 8 bytes. */
function shiftLocations(box: Buffer, shift: Shift): void {
  let at = 0;
  const take = (bytes: number): number => {
    const value = bytes === 8 ? Number(box.readBigUInt64BE(at)) : bytes === 0 ? 0 : box.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  const version = take(4) >>> 24;
  const sizes = take(2);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const items = take(version === 2 ? 4 : 2);
  for (let item = 0; item < items; item++) {
    take(version === 2 ? 4 : 2);
    const method = version === 0 ? IN_FILE : take(2) & 15;
    take(2); // the file: 0, this one
    const [baseAt, base] = [at, take(baseBytes)];
    const extents = take(2);
    if (method === IN_FILE && base > 0) write(box, baseAt, baseBytes, shift(base));
    for (let extent = 0; extent < extents; extent++) {
      take(indexBytes);
      const [offsetAt, offset] = [at, take(offsetBytes)];
      take(lengthBytes);
      if (method === IN_FILE && base === 0) write(box, offsetAt, offsetBytes, shift(offset));
    }
  }
}

function write(box: Buffer, at: number, bytes: number, value: number): void {
  if (bytes === 8) box.writeBigUInt64BE(BigInt(value), at);
  else box.writeUIntBE(value, at, bytes);
}
