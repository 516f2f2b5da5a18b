import { expect, test } from "bun:test";
import { memorySource, type ByteSource } from "#formats/exr/byte-source.ts";
import { markAlpha } from "#formats/mp4/mark-alpha.ts";
import { readMp4 } from "#formats/mp4/read.ts";
import { sampleDigest } from "#formats/mp4/samples.ts";
import {
  ALPHA,
  box,
  COLOR,
  FTYP,
  hex,
  MEDIA,
  movie,
  mp4File,
  SOUND,
  track,
  wide,
  type TrackSpec,
} from "./mp4-files.ts";

const ALPHA_URN = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

async function mark(file: Buffer): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(markAlpha(memorySource(file))));
}

/** What an alpha track must look like when it is marked. */
const AUXI = box("auxi", 0, `${ALPHA_URN}\0`);
const AUXL = box("tref", box("auxl", 1));
const MARKED: TrackSpec = { ...ALPHA, handler: "auxv", extensions: [...ALPHA.extensions!, AUXI], more: [AUXL] };
/** The name of the handler is another too, one byte longer or shorter. */
const renamed = (file: Buffer): string => hex(file).replace(hex(Buffer.from("VideoHandler")), "");

test("the second track becomes, byte by byte, the alpha of the first", async () => {
  const marked = await mark(mp4File([COLOR, ALPHA, SOUND]));
  const wanted = mp4File([COLOR, MARKED, SOUND]);
  const place = marked.indexOf("AlphaHandler\0") - 32;
  expect(hex(marked.subarray(place, place + 45))).toBe(
    "0000002d" +
      hex(Buffer.from("hdlr")) +
      "0000000000000000" +
      hex(Buffer.from("auxv")) +
      "00".repeat(12) +
      hex(Buffer.from("AlphaHandler\0")),
  );
  expect(hex(marked).replace(hex(Buffer.from("AlphaHandler")), hex(Buffer.from("VideoHandler")))).toBe(hex(wanted));
});

test("the frames of all tracks are found again", async () => {
  for (const options of [{}, { isLarge: true }, { indexLast: true }, { indexLast: true, isLarge: true }]) {
    const before = mp4File([COLOR, ALPHA, SOUND], options);
    const after = await mark(before);
    for (const id of [1, 7, 9])
      expect(await sampleDigest(memorySource(after), id)).toBe(await sampleDigest(memorySource(before), id));
  }
});

test("tables of 64 bits are moved too", async () => {
  const before = mp4File([COLOR, { ...ALPHA, isWide: true }]);
  const after = await mark(before);
  expect(await sampleDigest(memorySource(after), 7)).toBe(await sampleDigest(memorySource(before), 7));
});

test("an index behind the media moves nothing", async () => {
  const marked = await mark(mp4File([COLOR, ALPHA], { indexLast: true }));
  const before = FTYP.byteLength + 8 + MEDIA.byteLength;
  expect(hex(marked.subarray(0, before))).toBe(hex(mp4File([COLOR, ALPHA], { indexLast: true }).subarray(0, before)));
});

test("marking twice changes nothing more", async () => {
  const once = await mark(mp4File([COLOR, ALPHA]));
  expect(hex(await mark(once))).toBe(hex(once));
});

test("a table of 32 bits whose places no longer fit gets 64", async () => {
  // The last chunk lies just below 4 GB, so that the larger index pushes it over; the file is made up as it is read.
  const last = 2 ** 32 - 20;
  const far = { ...ALPHA, chunks: [0, 4, last - 1000] };
  const index = movie([COLOR, far], 1000);
  const head = Buffer.concat([FTYP, index]);
  const size = 2 ** 32 + 100;
  const media = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from("mdat"), wide(size - head.byteLength)]);
  const start = Buffer.concat([head, media]);
  const source: ByteSource = {
    size,
    read: (offset, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      if (offset < start.byteLength) start.copy(bytes, 0, offset);
      return Promise.resolve(bytes);
    },
  };
  const pieces = markAlpha(source);
  await pieces.next();
  const { value: marked } = await pieces.next();
  const grown = marked!.byteLength - index.byteLength;
  expect(grown).toBe(AUXI.byteLength + AUXL.byteLength + 3 * 4);
  const at = Buffer.from(marked!).indexOf("co64");
  const entries = Buffer.from(marked!).subarray(at + 12, at + 36);
  expect([0, 8, 16].map((entry) => Number(entries.readBigUInt64BE(entry)))).toEqual(
    [1000, 1004, last].map((chunk) => chunk + grown),
  );
  await pieces.return(undefined);
});

test("an AVIF's own pictures move with its tracks", async () => {
  const location = (offset: number): Buffer =>
    box(
      "meta",
      0,
      box("hdlr", 0),
      box("iloc", 0, Buffer.from([0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1]), offset, 4),
      box("idat", 1),
    );
  const tracks = [
    { ...COLOR, handler: "pict" },
    { ...ALPHA, handler: "auxv", more: [AUXL] },
  ];
  const mediaAt = (file: Buffer): number => file.indexOf("mdat") + 4;
  const before = mp4File(tracks, { front: location(mediaAt(mp4File(tracks, { front: location(0) }))) });
  const after = await mark(before);
  expect(after.byteLength).toBe(before.byteLength + AUXI.byteLength);
  expect(hex(after)).toContain(hex(location(mediaAt(after))));
  expect(renamed(after)).toContain(hex(AUXI));
});

test("an AVIF of one picture has no tracks, and comes out as it went in", async () => {
  const still = Buffer.concat([box("ftyp", "avif", 0), box("meta", 0, box("hdlr", 0)), box("mdat", MEDIA)]);
  expect(hex(await mark(still))).toBe(hex(still));
});

test("one picture track, or three, are not colour and alpha", () => {
  expect(mark(mp4File([COLOR, SOUND]))).rejects.toThrow("1 tracks with pictures");
  expect(mark(mp4File([COLOR, ALPHA, { ...ALPHA, id: 8 }]))).rejects.toThrow("3 tracks with pictures");
});

test("other files, fragments and what breaks off are refused", () => {
  expect(mark(Buffer.from("not an MP4 at all"))).rejects.toThrow("not an MP4");
  expect(mark(Buffer.concat([FTYP, box("moov"), box("moof")]))).rejects.toThrow("fragments");
  const whole = mp4File([COLOR, ALPHA]);
  expect(mark(whole.subarray(0, whole.byteLength - 1))).rejects.toThrow("breaks off");
  const damaged = Buffer.concat([FTYP, box("moov", track(COLOR).subarray(0, 100))]);
  expect(mark(damaged)).rejects.toThrow("does not fit");
});

test("what it says of itself is what a reader finds", async () => {
  const [color, alpha, sound] = await readMp4(memorySource(await mark(mp4File([COLOR, ALPHA, SOUND]))));
  expect(color).toMatchObject({ handler: "vide", isAlpha: false, auxiliaryOf: [] });
  expect(alpha).toMatchObject({ handler: "auxv", isAlpha: true, auxiliaryOf: [1] });
  expect(sound).toMatchObject({ handler: "soun", codec: "mp4a", samples: 2 });
});
