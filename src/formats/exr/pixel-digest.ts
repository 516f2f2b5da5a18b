import type { ByteSource } from "./byte-source.ts";
import { readChunks } from "./chunks.ts";
import { truncated } from "./error.ts";
import { readExrHeader } from "./header.ts";

const READ_BYTES = 1024 * 1024;

/**
 * The SHA-256 (hex) of an EXR's pixels as they are stored, in the order of the offset table. The header is left out, for
 * it holds the date and the render time: two renderings of a frame by the same Blender have the same digest.
 * Throws `ExrError`.
 */
export async function pixelDigest(source: ByteSource): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const { dataOffset, dataBytes } of readChunks(source, await readExrHeader(source))) {
    for (let done = 0; done < dataBytes;) {
      const bytes = await source.read(dataOffset + done, Math.min(READ_BYTES, dataBytes - done));
      if (bytes.byteLength === 0) throw truncated("it became shorter while it was read");
      hash.update(bytes);
      done += bytes.byteLength;
    }
  }
  return hash.digest("hex");
}
