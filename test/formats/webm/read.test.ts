import { expect, test } from "bun:test";
import { HLG_CODE_POINTS } from "#formats/color/code-points.ts";
import { memorySource } from "#formats/exr/byte-source.ts";
import { element } from "#formats/webm/ebml.ts";
import * as ids from "#formats/webm/ids.ts";
import { muxWebm } from "#formats/webm/mux.ts";
import { readWebm } from "#formats/webm/read.ts";
import { vp9Ivf } from "./vp9-files.ts";

const options = { rate: { numerator: 24, denominator: 1 }, codePoints: HLG_CODE_POINTS };
const film = (): AsyncGenerator<Uint8Array> =>
  muxWebm({ color: vp9Ivf({ frames: 9, keyEvery: 9 }), alpha: null }, options);
const read = (...parts: Uint8Array[]) => readWebm(memorySource(Buffer.concat(parts)));
const HEAD = element(ids.EBML, element(ids.DOC_TYPE, "webm"));

test("other files are refused", () => {
  expect(read(Buffer.from("ftypisom and so on"))).rejects.toThrow("not a WebM");
  expect(read(new Uint8Array(100))).rejects.toThrow("not a WebM");
  expect(read(HEAD)).rejects.toThrow("not a WebM");
});

test("a file that breaks off is refused, wherever it does", async () => {
  const whole = Buffer.concat(await Array.fromAsync(film()));
  for (const length of [100, 300, whole.byteLength - 1])
    expect(read(whole.subarray(0, length))).rejects.toThrow("breaks off");
});

test("a segment whose size was not known ends with the file", async () => {
  const whole = Buffer.concat(await Array.fromAsync(film()));
  const at = whole.indexOf(Uint8Array.of(0x18, 0x53, 0x80, 0x67)) + 4;
  whole.set(Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255), at);
  expect((await read(whole)).tracks[0]!.blocks).toBe(9);
});

test("other clocks than milliseconds are refused", () => {
  const info = element(ids.INFO, element(ids.TIMESTAMP_SCALE, 1000));
  expect(read(HEAD, element(ids.SEGMENT, info))).rejects.toThrow("milliseconds");
});

test("a block of a track that is not named is refused", () => {
  const block = element(ids.SIMPLE_BLOCK, Uint8Array.of(0x82, 0, 0, 0x80, 1));
  expect(read(HEAD, element(ids.SEGMENT, element(ids.CLUSTER, block)))).rejects.toThrow("track 2");
});

test("of several additions the alpha is the one with id 1", async () => {
  const more = (id: number, ...bytes: number[]) =>
    element(ids.BLOCK_MORE, element(ids.BLOCK_ADD_ID, id), element(ids.BLOCK_ADDITIONAL, Uint8Array.from(bytes)));
  const block = element(ids.BLOCK, Uint8Array.of(0x81, 0, 0, 0, 7));
  const group = (...additions: Uint8Array[]) =>
    element(ids.BLOCK_GROUP, block, element(ids.BLOCK_ADDITIONS, ...additions));
  const tracks = element(ids.TRACKS, element(ids.TRACK_ENTRY, element(ids.TRACK_NUMBER, 1)));
  const file = element(ids.SEGMENT, tracks, element(ids.CLUSTER, group(more(4, 1), more(1, 2, 3)), group(more(4, 1))));
  expect((await read(HEAD, file)).tracks[0]).toMatchObject({ blocks: 2, alphas: 1 });
});
