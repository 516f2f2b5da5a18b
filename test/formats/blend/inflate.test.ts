import { describe, expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { BlendError } from "#formats/blend/error.ts";
import { type Compression, compressionOf, inflate } from "#formats/blend/inflate.ts";
import { DEFAULT_LIMITS } from "#formats/blend/limits.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";
import { Random } from "../../support/random.ts";
import { zstdAsBlender } from "../../support/zstd-as-blender.ts";

const random = new Random(1);
const CONTENT = Uint8Array.from({ length: 300_000 }, () => random.below(64));
const MANY_FRAMES = zstdAsBlender(CONTENT, 64 * 1024);
const TWO_MEMBERS = new Uint8Array(
  Buffer.concat([gzipSync(CONTENT.subarray(0, 1000)), gzipSync(CONTENT.subarray(1000))]),
);

describe("the compression", () => {
  test("is told by the first bytes", () => {
    expect(compressionOf(text("BLENDER-v304"))).toBe("none");
    expect(compressionOf(TWO_MEMBERS)).toBe("gzip");
    expect(compressionOf(MANY_FRAMES)).toBe("zstd");
  });

  test.each([
    ["", "empty"],
    ["BLEN", "truncated"],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "git_lfs_pointer"],
    ["PK\u0003\u0004 a zip", "not_a_blend"],
  ])("of %p is %s", (start, code) => {
    expect(() => compressionOf(text(start))).toThrow(expect.objectContaining({ name: "BlendError", code }));
  });
});

describe("inflating", () => {
  test.each([50, 7777, 1e6])("gives the whole content, in chunks of %d bytes", async (chunkBytes) => {
    expect(await inflated("zstd", chunksOf(MANY_FRAMES, chunkBytes))).toEqual(CONTENT);
    expect(await inflated("gzip", chunksOf(TWO_MEMBERS, chunkBytes))).toEqual(CONTENT);
    expect(await inflated("none", chunksOf(CONTENT, chunkBytes))).toEqual(CONTENT);
  });

  test("a gzip that ends early is truncated, even if only its checksum is missing", async () => {
    expect(await blendErrorOf(inflated("gzip", chunksOf(TWO_MEMBERS.subarray(0, -1))))).toBe("truncated");
    expect(await blendErrorOf(inflated("gzip", chunksOf(TWO_MEMBERS.subarray(0, 5000))))).toBe("truncated");
  });

  test.each(["gzip", "zstd"] as const)("%s with wrong bytes in it is damaged", async (compression) => {
    const bytes = compression === "gzip" ? gzipSync(CONTENT) : zstdCompressSync(CONTENT);
    bytes.fill(0xff, 4, 200);
    expect(await blendErrorOf(inflated(compression, chunksOf(bytes)))).toBe("damaged");
  });

  test("more content than the limit is too large, compressed or not", async () => {
    const limits = { ...DEFAULT_LIMITS, inflatedBytes: 100_000 };
    expect(await blendErrorOf(inflated("zstd", chunksOf(MANY_FRAMES), limits))).toBe("too_large");
    expect(await blendErrorOf(inflated("none", chunksOf(CONTENT, 1000), limits))).toBe("too_large");
  });

  test("a file that would fill a disk is stopped after its first gigabyte", async () => {
    const bomb = zstdCompressSync(new Uint8Array(64 * 2 ** 20));
    const bytes = Buffer.concat(Array.from({ length: 40 }, () => bomb));
    let length = 0;
    const reading = (async () => {
      for await (const chunk of inflate(chunksOf(bytes), "zstd", DEFAULT_LIMITS)) length += chunk.length;
    })();
    expect(await blendErrorOf(reading)).toBe("too_large");
    expect(length).toBeLessThanOrEqual(2 ** 30);
  });

  test("an error of the stream itself is passed on as it is", async () => {
    async function* broken() {
      yield MANY_FRAMES.subarray(0, 5000);
      throw new Error("connection cut");
    }
    const error = await inflated("zstd", broken()).catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(BlendError);
    expect(String(error)).toContain("connection cut");
  });
});

async function inflated(compression: Compression, chunks: AsyncIterable<Uint8Array>, limits = DEFAULT_LIMITS) {
  const parts: Uint8Array[] = [];
  for await (const chunk of inflate(chunks, compression, limits)) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
