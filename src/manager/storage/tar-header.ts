import { TAR_BLOCK_BYTES } from "./archive-tar.ts";

/** The largest size that eleven octal digits hold; larger ones stand in the pax header alone. */
const MAX_USTAR_BYTES = 8 ** 11 - 1;
const MAX_USTAR_NAME_BYTES = 100;

/** The two blocks of zeros that end a tar. */
export const TAR_END = new Uint8Array(2 * TAR_BLOCK_BYTES);

/**
 * The header of a plain file as it stands before the content in a tar (POSIX.1-2001 pax interchange format): a ustar
 * block and, where the path is long or not ASCII or the file over 8 GiB, a pax header before it. Owner and time are
 * zero, so that the same project always makes the same tar.
 */
export function tarHeader(path: string, size: number): Uint8Array {
  const bytes = Buffer.from(path);
  const isPlain = bytes.byteLength === path.length && bytes.byteLength <= MAX_USTAR_NAME_BYTES;
  const records: string[] = [];
  if (!isPlain) records.push(paxRecord("path", path));
  if (size > MAX_USTAR_BYTES) records.push(paxRecord("size", String(size)));
  const header = ustarBlock(isPlain ? path : "pax", size > MAX_USTAR_BYTES ? 0 : size, "0");
  if (records.length === 0) return header;
  const pax = Buffer.from(records.join(""));
  return Buffer.concat([ustarBlock("pax", pax.byteLength, "x"), pax, tarPadding(pax.byteLength), header]);
}

/** The zeros that fill up the last block of a content of `size` bytes. */
export function tarPadding(size: number): Uint8Array {
  return TAR_END.subarray(0, -size & (TAR_BLOCK_BYTES - 1));
}

function ustarBlock(name: string, size: number, type: "0" | "x"): Buffer {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  block.write(name, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108); // owner
  block.write(octal(0, 8), 116); // group
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136); // time
  block.write(" ".repeat(8), 148); // the checksum counts itself as spaces
  block.write(type, 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

/** A number as octal digits with a NUL at the end, in a field of `width` bytes. */
function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes;
  while (length !== restBytes + String(length).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}
