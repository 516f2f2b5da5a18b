import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { memorySource } from "#formats/exr/byte-source.ts";
import { sampleDigest } from "#formats/mp4/samples.ts";
import { ALPHA, COLOR, MEDIA, mp4File } from "./mp4-files.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("the digest is that of the frames alone, in their order", async () => {
  const file = memorySource(mp4File([COLOR, { ...ALPHA, chunks: [20, 12] }]));
  expect(await sampleDigest(file, 1)).toBe(sha256(MEDIA.subarray(0, 12)));
  expect(await sampleDigest(file, 7)).toBe(sha256(Buffer.concat([MEDIA.subarray(20, 24), MEDIA.subarray(12, 16)])));
});

test("chunks may hold different numbers of frames", async () => {
  const runs = [
    [1, 2],
    [2, 1],
  ] as const;
  const file = memorySource(mp4File([{ ...COLOR, chunks: [0, 16, 28], runs, samples: 4 }]));
  const wanted = [MEDIA.subarray(0, 8), MEDIA.subarray(16, 20), MEDIA.subarray(28, 32)];
  expect(await sampleDigest(file, 1)).toBe(sha256(Buffer.concat(wanted)));
});

test("a track that is not there, and chunks that do not hold all frames, are refused", () => {
  expect(sampleDigest(memorySource(mp4File([COLOR])), 5)).rejects.toThrow("no track 5");
  const file = memorySource(mp4File([{ ...COLOR, samples: 9 }]));
  expect(sampleDigest(file, 1)).rejects.toThrow("do not hold all frames");
});
