// A tar (POSIX.1-2001 pax) as the parts of a Blob. Owner and time are zero, so that the same files always make the same bytes.

const BLOCK = 512;

/** The largest size that eleven octal digits hold; larger ones stand in the pax header. */
const MOST_OCTAL = 8 ** 11 - 1;
const LONGEST_NAME = 100;
const text = new TextEncoder();

type Part = Blob | Uint8Array<ArrayBuffer>;

/** Headers, files and paddings of files by their paths. */
export function tarParts(files: readonly { path: string; file: Blob }[]): Part[] {
  return [
    ...files.flatMap(({ path, file }) => [...headers(path, file.size), file, padding(file.size)]),
    new Uint8Array(2 * BLOCK),
  ];
}

function headers(path: string, size: number): Part[] {
  const name = text.encode(path);
  const isPlain = name.length === path.length && name.length <= LONGEST_NAME;
  const records: string[] = [];
  if (!isPlain) records.push(record("path", path));
  if (size > MOST_OCTAL) records.push(record("size", String(size)));
  const own = block(isPlain ? path : "pax", size > MOST_OCTAL ? 0 : size, "0");
  if (records.length === 0) return [own];
  const pax = text.encode(records.join(""));
  return [block("pax", pax.length, "x"), pax, padding(pax.length), own];
}

/** "<length> <key>=<value>\n", whose length counts its own digits too. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = text.encode(rest).length;
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

function block(name: string, size: number, type: "0" | "x"): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK);
  const put = (value: string, at: number) => bytes.set(text.encode(value), at);
  put(name, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put("        ", 148); // the checksum counts itself as spaces
  put(type, 156);
  put("ustar\x0000", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(-size & (BLOCK - 1));
}
