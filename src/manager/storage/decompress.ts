import { pipeline, Readable, type Transform } from "node:stream";
import { constants, createGunzip, createInflateRaw, createZstdDecompress } from "node:zlib";

/** How streams are compressed: gzip (RFC 1952), raw deflate (inside a zip) and Zstandard (RFC 8878). */
export type Compression = "gzip" | "deflate" | "zstd";

const CHUNK_BYTES = 256 * 1024;

/** Log2 of the window that a zstd frame may ask for: 8 MiB, which every decoder should have (RFC 8878, section 3.1.1.1.2). */
const ZSTD_WINDOW_LOG = 23;

/** Decompresses a stream in constant memory, as fast as it is read and no faster. Throws zlib's error when it is damaged or cut off. */
export async function* decompress(
  compressed: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const decoder = createDecoder(compression);
  const source = Readable.from(compressed, { objectMode: false });
  pipeline(source, decoder, () => {}); // an error destroys both, and the loop below throws it
  for await (const chunk of decoder) yield chunk as Uint8Array;
}

function createDecoder(compression: Compression): Transform {
  switch (compression) {
    case "gzip":
      return createGunzip({ chunkSize: CHUNK_BYTES });
    case "deflate":
      return createInflateRaw({ chunkSize: CHUNK_BYTES });
    case "zstd":
      return createZstdDecompress({
        chunkSize: CHUNK_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
      });
    default:
      return compression satisfies never;
  }
}
