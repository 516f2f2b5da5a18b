/** The first bytes of an .xz, as latin1. */
export const XZ_MAGIC = "\xfd7zXZ\0";

const HEADER_BYTES = 12;
const FOOTER_BYTES = 12;

/**
 * How many bytes an .xz unpacks to, by the index at its end (xz-file-format.txt, sections 2.1.2 and 4); `tail` are its last bytes. Null
 * where that does not tell: the file is no .xz, is cut, has more than one stream, or its index is longer than the tail.
 */
export function xzUnpackedSize(tail: Uint8Array, fileBytes: number): number | null {
  const footer = tail.subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || footer[10] !== 0x59 || footer[11] !== 0x5a) return null;
  const indexBytes = (new DataView(footer.buffer, footer.byteOffset).getUint32(4, true) + 1) * 4;
  if (indexBytes + FOOTER_BYTES > tail.length) return null;
  const index = tail.subarray(-indexBytes - FOOTER_BYTES, -FOOTER_BYTES);
  const numbers = vli(index, 1);
  let blocks = 0;
  let unpacked = 0;
  for (let left = numbers.next().value ?? 0; left > 0; left -= 1) {
    const block = numbers.next().value;
    const content = numbers.next().value;
    if (block === undefined || content === undefined) return null;
    blocks += Math.ceil(block / 4) * 4;
    unpacked += content;
  }
  const isOnlyStream = HEADER_BYTES + blocks + indexBytes + FOOTER_BYTES === fileBytes;
  return index[0] === 0 && isOnlyStream ? unpacked : null;
}

/** The numbers from a place on, of seven bits a byte, the lowest first. */
function* vli(bytes: Uint8Array, from: number): Generator<number, undefined> {
  let value = 0;
  let scale = 1;
  for (const byte of bytes.subarray(from)) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte & 0x80) continue;
    yield value;
    value = 0;
    scale = 1;
  }
}
