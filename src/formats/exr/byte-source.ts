/** Random access to the bytes of a file. `read` gives fewer bytes than asked at the end, and none beyond it. */
export type ByteSource = {
  readonly size: number;
  read: (offset: number, length: number) => Promise<Uint8Array>;
};

/** A file that is in memory as a whole. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
