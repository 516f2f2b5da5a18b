import { describe, expect, test } from "bun:test";
import { type Scan, scanBlob, scanChunks } from "#formats/blend/scan.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";

const BYTES = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);

/** Looks at two places far apart, at nothing, and at 300,000 bytes in one piece. */
function* someBytes(): Scan<number[]> {
  const first = [...(yield { take: 3 })];
  yield { skip: 600_000 };
  const second = [...(yield { take: 2 })];
  yield { take: 0 };
  yield { skip: 0 };
  const long = yield { take: 300_000 };
  return [...first, ...second, long.length, long[299_999] ?? -1];
}
const FOUND = [0, 1, 2, 600_003 % 251, 600_004 % 251, 300_000, 900_004 % 251];

describe("a scan", () => {
  test.each([1, 7, 4096, 1e6])("finds the same in chunks of %d bytes", async (chunkBytes) => {
    expect(await scanChunks(someBytes(), chunksOf(BYTES, chunkBytes))).toEqual(FOUND);
  });

  test("finds the same in a file, of which it reads little", async () => {
    const file = new CountedBlob(BYTES);
    expect(await scanBlob(someBytes(), file)).toEqual(FOUND);
    expect(file.bytesRead).toBeLessThan(600_000);
  });

  test("that asks for more than there is finds the file truncated", async () => {
    for (const length of [0, 2, 500_000, 600_004, 900_004]) {
      expect(await blendErrorOf(scanChunks(someBytes(), chunksOf(BYTES.subarray(0, length))))).toBe("truncated");
      expect(await blendErrorOf(scanBlob(someBytes(), new Blob([BYTES.subarray(0, length)])))).toBe("truncated");
    }
  });

  test("reads a stream to its end even when it has found all", async () => {
    let ended = false;
    async function* stream() {
      yield* chunksOf(BYTES, 50_000);
      ended = true;
    }
    await scanChunks(someBytes(), stream());
    expect(ended).toBe(true);
  });
});

class CountedBlob extends Blob {
  bytesRead = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super([bytes]);
  }

  override slice(start: number, end: number): Blob {
    const part = super.slice(start, end);
    this.bytesRead += part.size;
    return part;
  }
}
