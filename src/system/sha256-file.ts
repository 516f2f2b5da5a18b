import { open } from "node:fs/promises";

const CHUNK_BYTES = 1024 * 1024;

/** The SHA-256 of a file as hex, read in pieces. */
export async function sha256File(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  const file = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
