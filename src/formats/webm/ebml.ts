/** A piece of an EBML document, which is what WebM is made of (RFC 8794). */
type Content = Uint8Array | string | number | bigint;

/** An element: its id, its size, its content. Numbers become unsigned integers in as few bytes as they need, texts UTF-8. */
export function element(id: number, ...content: readonly Content[]): Uint8Array {
  const bytes = content.map(encode);
  const size = bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([head(id, size), ...bytes]);
}

/** What stands before the content of an element of that size. */
export function head(id: number, size: number): Uint8Array {
  return Buffer.concat([unsigned(BigInt(id)), variableSize(size)]);
}

/** Like `head`, in a number of bytes that does not depend on the size. */
export function fixedHead(id: number, size: number): Uint8Array {
  return Buffer.concat([unsigned(BigInt(id)), fixedNumber(BigInt(size) | (1n << 56n))]);
}

/** An unsigned integer in eight bytes, for what is written before it is known. */
export function fixedNumber(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

export function float(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** A signed integer in as few bytes as it needs. */
export function signed(value: number): Uint8Array {
  let length = 1;
  while (value < -(2 ** (8 * length - 1)) || value >= 2 ** (8 * length - 1)) length++;
  const bytes = Buffer.alloc(length);
  bytes.writeIntBE(value, 0, length);
  return bytes;
}

function encode(content: Content): Uint8Array {
  if (typeof content === "string") return Buffer.from(content, "utf8");
  return content instanceof Uint8Array ? content : unsigned(BigInt(content));
}

function unsigned(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
}

/** A size as the first bits of a number that begins with as many zeros as it has further bytes; all ones would mean "unknown". */
function variableSize(size: number): Uint8Array {
  let length = 1;
  while (size >= 2 ** (7 * length) - 1) length++;
  const bytes = fixedNumber(BigInt(size) | (1n << BigInt(7 * length)));
  return bytes.subarray(8 - length);
}
