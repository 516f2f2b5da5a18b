import { expect, test } from "bun:test";
import { HLG_CODE_POINTS } from "#formats/color/code-points.ts";
import { memorySource, type ByteSource } from "#formats/exr/byte-source.ts";
import { ivfFrames, readIvfHeader } from "#formats/ivf.ts";
import { muxWebm } from "#formats/webm/mux.ts";
import { splitWebm } from "#formats/webm/split.ts";
import { vp9Ivf } from "./vp9-files.ts";

const RATE = { numerator: 24, denominator: 1 };

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<ByteSource> {
  return memorySource(Buffer.concat(await Array.fromAsync(pieces)));
}

async function pictures(file: ByteSource): Promise<string[]> {
  const found: string[] = [];
  for await (const { offset, size } of ivfFrames(file))
    found.push(Buffer.from(await file.read(offset, size)).toString("hex"));
  return found;
}

test("colour and alpha come apart again", async () => {
  const color = vp9Ivf({ frames: 60, keyEvery: 48, size: (frame) => 10 + frame });
  const alpha = vp9Ivf({ frames: 60, keyEvery: 48, seed: 5 });
  const webm = await collect(muxWebm({ color, alpha }, { rate: RATE, codePoints: HLG_CODE_POINTS }));
  const split = { color: await collect(splitWebm(webm, "color")), alpha: await collect(splitWebm(webm, "alpha")) };
  expect(await pictures(split.color)).toEqual(await pictures(color));
  expect(await pictures(split.alpha)).toEqual(await pictures(alpha));
  expect(await readIvfHeader(split.alpha)).toEqual({ codec: "VP90", width: 320, height: 180, frameCount: 60 });
});

test("a file without alpha has none to take out", async () => {
  const color = vp9Ivf({ frames: 2, keyEvery: 48 });
  const webm = await collect(muxWebm({ color, alpha: null }, { rate: RATE, codePoints: HLG_CODE_POINTS }));
  expect(collect(splitWebm(webm, "alpha"))).rejects.toThrow("no alpha");
});
