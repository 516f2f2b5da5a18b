import { expect, test } from "bun:test";
import { memorySource } from "#formats/exr/byte-source.ts";
import { pixelDigest } from "#formats/exr/pixel-digest.ts";
import { type ExrSpec, sized, writeExr } from "../../support/exr-writer.ts";

const picture: ExrSpec = { window: sized(30, 50) };

test("the digest stays the same when only the notes in the header differ", async () => {
  const morning = writeExr({ ...picture, texts: { Date: "2026/01/31 08:00:00", RenderTime: "00:01.20" } });
  const evening = writeExr({ ...picture, texts: { Date: "2026/01/31 20:00:00", RenderTime: "00:01.35 and more" } });
  expect(await digest(morning)).toBe(await digest(evening));
});

test("the digest does not depend on the order of the chunks in the file", async () => {
  expect(await digest(writeExr({ ...picture, lineOrder: "decreasing" }))).toBe(await digest(writeExr(picture)));
});

test("the digest differs when a single pixel differs", async () => {
  const value = (channel: string, x: number, y: number): number => (channel === "A" && x === 29 && y === 49 ? 0.5 : 1);
  expect(await digest(writeExr({ ...picture, value }))).not.toBe(
    await digest(writeExr({ ...picture, value: () => 1 })),
  );
});

test("a truncated file has no digest", async () => {
  expect(await digest(writeExr(picture).subarray(0, -1)).catch((error: unknown) => error)).toMatchObject({
    code: "truncated",
  });
});

function digest(bytes: Uint8Array): Promise<string> {
  return pixelDigest(memorySource(bytes));
}
