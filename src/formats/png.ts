import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const BITS_PER_CHANNEL = 8;
const COLOR_TYPE_RGBA = 6;
const FILTER_NONE = 0;

/**
 * Encodes pixels (8 bits each of red, green, blue and alpha, rows from the top) as a PNG file (RFC 2083), without row filters:
 * it is meant for small pictures. Throws a RangeError when the pixels do not fit the size.
 */
export function encodePng(width: number, height: number, rgba: Uint8Array): Uint8Array {
  if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
    throw new RangeError(`${rgba.length} bytes are no ${width} x ${height} pixels`);
  }
  const header = new Uint8Array(13);
  const headerView = new DataView(header.buffer);
  headerView.setUint32(0, width);
  headerView.setUint32(4, height);
  header.set([BITS_PER_CHANNEL, COLOR_TYPE_RGBA], 8); // and zeros: deflate, adaptive filtering, not interlaced

  const rowBytes = width * 4;
  const rows = new Uint8Array(height * (1 + rowBytes));
  for (let row = 0; row < height; row++) {
    const start = row * (1 + rowBytes);
    rows[start] = FILTER_NONE;
    rows.set(rgba.subarray(row * rowBytes, (row + 1) * rowBytes), start + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Length of the data, type, data, and a checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
