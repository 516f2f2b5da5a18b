/** The most entries that the end of a zip can count without zip64; this value itself means "see there". */
const MAX_COUNT = 0xffff;

/** APPNOTE 6.3.10, sections 4.3.14 to 4.3.16: the end of the directory, and the two zip64 records before it. */
const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const ZIP64_END_BYTES = 56;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_VERSION = 45;

/**
 * client-zip writes the zip64 records for archives over 4 GiB only, but more than 65,534 files need them too: without,
 * programs see the first 65,535. Adds them to the stream of a zip of `count` files, where they are missing.
 */
export async function* withZip64Count(zip: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let isZip64 = false;
  for await (const chunk of zip) {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const signature = chunk.byteLength >= END_BYTES ? view.getUint32(0, true) : 0;
    isZip64 ||= signature === ZIP64_END_SIGNATURE;
    const isEnd = chunk.byteLength === END_BYTES && signature === END_SIGNATURE;
    if (isEnd && count >= MAX_COUNT && !isZip64) yield zip64Records(view, count);
    yield chunk;
  }
}

function zip64Records(end: DataView, count: number): Uint8Array {
  const directoryBytes = end.getUint32(12, true);
  const directoryOffset = end.getUint32(16, true);
  const records = new DataView(new ArrayBuffer(ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES));
  records.setUint32(0, ZIP64_END_SIGNATURE, true);
  records.setBigUint64(4, BigInt(ZIP64_END_BYTES - 12), true); // the size of the record without its first two fields
  records.setUint16(12, ZIP64_VERSION, true);
  records.setUint16(14, ZIP64_VERSION, true);
  records.setBigUint64(24, BigInt(count), true);
  records.setBigUint64(32, BigInt(count), true);
  records.setBigUint64(40, BigInt(directoryBytes), true);
  records.setBigUint64(48, BigInt(directoryOffset), true);
  records.setUint32(ZIP64_END_BYTES, ZIP64_LOCATOR_SIGNATURE, true);
  records.setBigUint64(ZIP64_END_BYTES + 8, BigInt(directoryOffset + directoryBytes), true);
  records.setUint32(ZIP64_END_BYTES + 16, 1, true);
  return new Uint8Array(records.buffer);
}
