type NumberType = { bytes: number; read: (view: DataView, at: number, littleEndian: boolean) => number };

/** The number types of DNA, as makesdna names them. `char` is signed: Blender keeps small numbers and flags in it. */
const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map<string, NumberType>([
  ["char", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["int8_t", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["uchar", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["short", { bytes: 2, read: (view, at, littleEndian) => view.getInt16(at, littleEndian) }],
  ["ushort", { bytes: 2, read: (view, at, littleEndian) => view.getUint16(at, littleEndian) }],
  ["int", { bytes: 4, read: (view, at, littleEndian) => view.getInt32(at, littleEndian) }],
  ["float", { bytes: 4, read: (view, at, littleEndian) => asTyped(view.getFloat32(at, littleEndian)) }],
  ["double", { bytes: 8, read: (view, at, littleEndian) => view.getFloat64(at, littleEndian) }],
  ["int64_t", { bytes: 8, read: (view, at, littleEndian) => Number(view.getBigInt64(at, littleEndian)) }],
  ["uint64_t", { bytes: 8, read: (view, at, littleEndian) => Number(view.getBigUint64(at, littleEndian)) }],
]);

/** A float as the person typed it, 1.001 and not 1.0010000467300415: single precision holds seven digits. */
function asTyped(float: number): number {
  return Number(float.toPrecision(7));
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A number of a DNA type; null for a type that is no number, bytes that were not kept, infinity and not-a-number. */
export function readNumber(bytes: Uint8Array, at: number, type: string, littleEndian: boolean): number | null {
  const known = NUMBER_TYPES.get(type);
  if (!known || at + known.bytes > bytes.length) return null;
  const value = known.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at, littleEndian);
  return Number.isFinite(value) ? value : null;
}

/** A text to its first NUL. What is no UTF-8 (names from before 2.5, names cut off in a letter) becomes U+FFFD. */
export function readText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
