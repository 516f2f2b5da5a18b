import { open, readFile } from "node:fs/promises";
import type { HashPart } from "./hash.ts";

const READ_BYTES = 1024 * 1024;

/** The other side of `hashFile`: reads the file once and prints the hash of the whole, then those of its parts, a line each. Returns the exit code. */
export async function runHashWorker(argv: readonly string[]): Promise<number> {
  const [path, partsPath] = argv;
  if (path === undefined) return 2;
  const parts = partsPath === undefined ? [] : (JSON.parse(await readFile(partsPath, "utf8")) as HashPart[]);
  const whole = new Bun.CryptoHasher("sha256");
  const partHashes: string[] = Array.from({ length: parts.length }, () => "");
  const order = parts.map((_, index) => index).sort((a, b) => parts[a]!.offset - parts[b]!.offset);
  const active = new Map<number, Bun.CryptoHasher>();
  let next = 0;
  for await (const { bytes, offset } of pieces(path)) {
    whole.update(bytes);
    const end = offset + bytes.length;
    while (next < order.length && parts[order[next]!]!.offset <= end)
      active.set(order[next++]!, new Bun.CryptoHasher("sha256"));
    for (const [index, hash] of active) {
      const part = parts[index]!;
      const from = Math.max(part.offset, offset);
      const to = Math.min(part.offset + part.size, end);
      if (to > from) hash.update(bytes.subarray(from - offset, to - offset));
      if (part.offset + part.size > end) continue;
      partHashes[index] = hash.digest("hex");
      active.delete(index);
    }
  }
  if (partHashes.includes("")) return 3;
  await Bun.write(Bun.stdout, `${[whole.digest("hex"), ...partHashes].join("\n")}\n`);
  return 0;
}

async function* pieces(path: string): AsyncGenerator<{ bytes: Uint8Array; offset: number }> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, offset);
      if (bytesRead === 0) return;
      yield { bytes: buffer.subarray(0, bytesRead), offset };
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
}
