import { expect, test } from "bun:test";
import { HLG_CODE_POINTS } from "#formats/color/code-points.ts";
import { memorySource, type ByteSource } from "#formats/exr/byte-source.ts";
import { ivfFrameHeader } from "#formats/ivf.ts";
import { muxWebm } from "#formats/webm/mux.ts";
import { readWebm, webmBlocks, type WebmFacts } from "#formats/webm/read.ts";
import type { FrameRate } from "#formats/frame-rate.ts";
import { vp9Frame, vp9Ivf } from "./vp9-files.ts";

const FILM_RATE = { numerator: 24, denominator: 1 };
const NTSC_FILM_RATE = { numerator: 24000, denominator: 1001 };

async function mux(color: ByteSource, alpha: ByteSource | null, rate: FrameRate = FILM_RATE): Promise<ByteSource> {
  const pieces = await Array.fromAsync(muxWebm({ color, alpha }, { rate, codePoints: HLG_CODE_POINTS }));
  return memorySource(Buffer.concat(pieces));
}

function film(frames: number, keyEvery = 48, seed = 0): ByteSource {
  return vp9Ivf({ frames, keyEvery, seed });
}

/** The times of all blocks. */
async function times(file: ByteSource): Promise<number[]> {
  return (await Array.fromAsync(webmBlocks(file))).map(({ timeMs }) => timeMs);
}

test("two frames with alpha are, byte by byte, what the format asks for", async () => {
  const color = vp9Ivf({ frames: 2, keyEvery: 48, size: () => 5 });
  const alpha = vp9Ivf({ frames: 2, keyEvery: 48, size: () => 6, seed: 9 });
  const bytes = Buffer.from(await (await mux(color, alpha)).read(0, 10_000)).toString("hex");
  const key = "9249834258";
  const other = "9600000000";
  const blocks = [
    // A group of: block (track 1, at 0 ms), additions (of one, with id 1).
    ["a09b", "a189", "81", "0000", "00", key, "75a18d", "a68b", "ee8101", "a586", key, "0e"],
    // The same at 42 ms, and what it refers to: 42 ms before.
    ["a09e", "a189", "81", "002a", "00", other, "75a18d", "a68b", "ee8101", "a586", other, "15", "fb81d6"],
  ];
  const content = ["e78100", ...blocks.flat()].join("");
  const size = (2n ** 56n + BigInt(content.length / 2)).toString(16).padStart(16, "0");
  expect(bytes.slice(bytes.lastIndexOf("1f43b675"))).toBe(`1f43b675${size}${content}`);
});

test("the track says what players need: alpha, depth, HLG of BT.2020 at full range", async () => {
  const facts = await readWebm(await mux(film(5), film(5)));
  expect(facts.tracks).toEqual([
    {
      ...{ number: 1, isVideo: true, codec: "V_VP9", width: 320, height: 180, alphaMode: 1 },
      ...{ defaultDurationNs: 41_666_667, color: { matrix: 9, bits: 10, range: 2, transfer: 18, primaries: 9 } },
      ...{ blocks: 5, alphas: 5, keyFrames: 1 },
    },
  ]);
});

test("without alpha there is no trace of it", async () => {
  const facts = await readWebm(await mux(film(5), null));
  expect(facts.tracks[0]).toMatchObject({ alphaMode: 0, blocks: 5, alphas: 0, keyFrames: 1 });
});

test("the pictures come out as they went in", async () => {
  const file = await mux(film(50), film(50, 48, 99));
  let number = 0;
  for await (const { data, alpha, isKey } of webmBlocks(file)) {
    expect(await file.read(data.offset, data.size)).toEqual(Buffer.from(vp9Frame(number, number % 48 === 0)));
    expect(await file.read(alpha!.offset, alpha!.size)).toEqual(
      Buffer.from(vp9Frame(number, number % 48 === 0, 16, 99)),
    );
    expect(isKey).toBe(number % 48 === 0);
    number += 1;
  }
  expect(number).toBe(50);
});

test("times of 23.976 do not drift, and the duration is exact", async () => {
  const file = await mux(film(2000), null, NTSC_FILM_RATE);
  const found = await times(file);
  expect(found.slice(0, 4)).toEqual([0, 42, 83, 125]);
  expect(found[1999]).toBe(Math.round((1999 * 1001) / 24));
  expect((await readWebm(file)).durationMs).toBe((2000 * 1001) / 24);
});

/** Says of every cue whether it leads to a cluster of its time that begins with a key frame. */
function cuesThatLead({ cues, clusters }: WebmFacts): boolean[] {
  return cues.map(({ timeMs, position }) =>
    clusters.some((cluster) => cluster.position === position && cluster.timeMs === timeMs && cluster.startsWithKey),
  );
}

test("a cluster begins with each key frame, and a cue leads to each", async () => {
  const facts = await readWebm(await mux(film(200), film(200), NTSC_FILM_RATE));
  expect(facts.clusters.map(({ timeMs }) => timeMs)).toEqual([0, 2002, 4004, 6006, 8008]);
  expect(cuesThatLead(facts)).toEqual([true, true, true, true, true]);
});

test("key frames every moment do not make a cluster each", async () => {
  const facts = await readWebm(await mux(film(96, 1), null));
  expect(facts.clusters.map(({ timeMs }) => timeMs)).toEqual([0, 2000]);
  expect(facts.tracks[0]!.keyFrames).toBe(96);
});

test("without key frames a cluster ends before its times overflow, and no cue leads into nothing", async () => {
  const facts = await readWebm(await mux(film(2000, 5000), null));
  expect(facts.clusters.map(({ timeMs }) => timeMs)).toEqual([0, 30_042, 60_083]);
  expect(facts.cues).toEqual([{ timeMs: 0, position: facts.clusters[0]!.position }]);
});

test("a frame every forty seconds has a cluster of its own", async () => {
  const rate = { numerator: 1, denominator: 40 };
  const file = await mux(film(3, 1000), film(3, 1000), rate);
  expect(await times(file)).toEqual([0, 40_000, 80_000]);
  expect((await readWebm(file)).tracks[0]!.keyFrames).toBe(1);
});

test("below eight frames a second the reference is longer than a byte", async () => {
  const file = await mux(film(2), film(2), { numerator: 5, denominator: 1 });
  const bytes = Buffer.from(await file.read(0, file.size)).toString("hex");
  expect(bytes.endsWith("fb82ff38")).toBe(true);
});

test("files that do not fit together are refused", () => {
  expect(mux(film(5), film(4))).rejects.toThrow("only 4 frames of alpha");
  expect(mux(film(4), film(5))).rejects.toThrow("only 4 frames of colour");
  expect(mux(film(50, 24), film(50, 48))).rejects.toThrow("Frame 24 is a key frame in colour, but not in alpha");
  expect(mux(film(0), null)).rejects.toThrow("no frames");
});

test("a long video is not held in memory", async () => {
  const frames = 5000;
  const unit = Buffer.concat([ivfFrameHeader(40_000, 0), vp9Frame(0, true, 40_000)]);
  const header = await film(0).read(0, 32);
  const size = 32 + frames * unit.byteLength;
  let longest = 0;
  // A file of 200 MB, made up as it is read.
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    longest = Math.max(longest, length);
    const from = Math.max(0, offset - 32) % unit.byteLength;
    const units = Buffer.alloc(from + length, unit).subarray(from);
    const bytes = offset < 32 ? Buffer.concat([header.subarray(offset), units]) : units;
    return Promise.resolve(bytes.subarray(0, Math.min(length, size - offset)));
  };
  const pieces = { bytes: 0, longest: 0 };
  const options = { rate: FILM_RATE, codePoints: HLG_CODE_POINTS };
  for await (const { byteLength } of muxWebm({ color: { size, read }, alpha: null }, options)) {
    pieces.bytes += byteLength;
    pieces.longest = Math.max(pieces.longest, byteLength);
  }
  expect(pieces.bytes).toBeGreaterThan(frames * 40_000);
  expect(pieces.longest).toBeLessThanOrEqual(40_000);
  expect(longest).toBeLessThanOrEqual(256 * 1024);
});
