import { expect, test } from "bun:test";
import { memorySource } from "#formats/exr/byte-source.ts";
import { readMp4, type Mp4Track } from "#formats/mp4/read.ts";
import { ALPHA, box, COLOR, mp4File, wide, type TrackSpec } from "./mp4-files.ts";

const read = (...tracks: TrackSpec[]): Promise<Mp4Track[]> => readMp4(memorySource(mp4File(tracks)));

test("a track tells codec, colour, depth, frames and duration", async () => {
  const [color, alpha] = await read(COLOR, ALPHA);
  expect(color).toEqual({
    ...{ id: 1, handler: "vide", codec: "av01", samples: 3, durationSeconds: 0.125, edit: null, auxiliaryOf: [] },
    color: { primaries: 9, transfer: 18, matrix: 9, isFullRange: true },
    av1: { bitDepth: 10, isMonochrome: false },
    ...{ avcProfile: null, isAlpha: false },
  });
  expect(alpha).toMatchObject({ id: 7, color: null, av1: { bitDepth: 10, isMonochrome: true } });
});

test("H.264 tells its profile, and a limited range is told from a full one", async () => {
  const colr = box("colr", "nclx", Buffer.from([0, 1, 0, 1, 0, 1, 0]));
  const extensions = [box("avcC", Buffer.from([1, 110, 0, 31])), colr];
  const [track] = await read({ ...COLOR, codec: "avc1", extensions });
  expect(track).toMatchObject({ codec: "avc1", avcProfile: 110, color: { primaries: 1, isFullRange: false } });
});

test("the depth of AV1 is in two flags", async () => {
  const depthOf = async (flags: number): Promise<number | undefined> => {
    const extensions = [box("av1C", Buffer.from([0x81, 0, flags, 0]))];
    return (await read({ ...COLOR, extensions }))[0]?.av1?.bitDepth;
  };
  expect([await depthOf(0x0c), await depthOf(0x4c), await depthOf(0x6c)]).toEqual([8, 10, 12]);
});

test("an edit says which part is shown, in both versions of its list", async () => {
  const short = box("edts", box("elst", 0, 2, 40, 0xffffffff, 0x10000, 125, 1024, 0x10000));
  const long = box("edts", box("elst", 0x01000000, 1, wide(125), wide(1024), 0x10000));
  for (const list of [short, long]) {
    const [track] = await read({ ...COLOR, more: [list] });
    expect(track?.edit).toEqual({ startSeconds: 1024 / 12_288, durationSeconds: 0.125 });
  }
});

test("a file without tracks has none, and one without frames says so", async () => {
  expect(await readMp4(memorySource(box("ftyp", "avif", 0)))).toEqual([]);
  expect((await read({ ...COLOR, chunks: [] }))[0]).toMatchObject({ samples: 0, durationSeconds: 0 });
});

test("a file that lacks what every track has is refused", () => {
  const file = Buffer.concat([
    box("ftyp", "isom"),
    box("moov", box("mvhd", 0, 0, 0, 1000, 0), box("trak", box("mdia"))),
  ]);
  expect(readMp4(memorySource(file))).rejects.toThrow("it has no mdia/mdhd");
});
