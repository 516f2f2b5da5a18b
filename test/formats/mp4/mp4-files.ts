// MP4s of two picture tracks and one of sound, written straight from ISO/IEC 14496-12 and independent of the reader in src/.

/** A box of a type and whatever is in it; numbers are 32 bits wide. */
export function box(type: string, ...content: readonly (Uint8Array | number | string)[]): Buffer {
  const payload = Buffer.concat(content.map(bytesOf));
  return Buffer.concat([bytesOf(8 + payload.byteLength), Buffer.from(type, "latin1"), payload]);
}

function bytesOf(content: Uint8Array | number | string): Uint8Array {
  if (typeof content === "string") return Buffer.from(content, "latin1");
  if (typeof content !== "number") return content;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(content);
  return bytes;
}

export function wide(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export const FTYP = box("ftyp", "isom", 512, "isomav01");
const FULL_RANGE_HLG = box("colr", "nclx", Buffer.from([0, 9, 0, 18, 0, 9, 0x80]));

export type TrackSpec = {
  id: number;
  handler: string;
  codec?: string;
  /** Boxes behind the fields of the sample description. */
  extensions?: readonly Buffer[];
  /** Where its chunks of one sample lie, and how large each is. */
  chunks: readonly number[];
  sampleSize?: number;
  isWide?: boolean;
  /** First chunk, and samples in each chunk, of every run; one run of one sample unless given. */
  runs?: readonly (readonly [firstChunk: number, samples: number])[];
  samples?: number;
  more?: readonly Buffer[];
};

/** A track of 24 frames a second. */
export function track(spec: TrackSpec): Buffer {
  const { id, handler, codec = "av01", chunks, sampleSize = 4, runs = [[1, 1]], samples = chunks.length } = spec;
  const description = box(codec, Buffer.alloc(codec === "mp4a" ? 28 : 78), ...(spec.extensions ?? []));
  const offsets = spec.isWide
    ? box("co64", 0, chunks.length, ...chunks.map(wide))
    : box("stco", 0, chunks.length, ...chunks);
  const table = box(
    "stbl",
    box("stsd", 0, 1, description),
    box("stts", 0, 1, chunks.length, 512),
    box("stsc", 0, runs.length, ...runs.flatMap((run) => [...run, 1])),
    box("stsz", 0, sampleSize, samples),
    offsets,
  );
  return box(
    "trak",
    box("tkhd", 3, 0, 0, id, Buffer.alloc(64)),
    ...(spec.more ?? []),
    box(
      "mdia",
      box("mdhd", 0, 0, 0, 12_288, 512 * chunks.length, 0),
      box("hdlr", 0, 0, handler, Buffer.alloc(12), "VideoHandler\0"),
      box("minf", box("vmhd", 1, 0, 0), table),
    ),
  );
}

export const COLOR: TrackSpec = {
  ...{ id: 1, handler: "vide", chunks: [0, 4, 8] },
  extensions: [box("av1C", Buffer.from([0x81, 0x00, 0x4c, 0])), FULL_RANGE_HLG],
};
export const ALPHA: TrackSpec = {
  ...{ id: 7, handler: "vide", chunks: [12, 16, 20] },
  extensions: [box("av1C", Buffer.from([0x81, 0x00, 0x5c, 0]))],
};
export const SOUND: TrackSpec = { id: 9, handler: "soun", codec: "mp4a", chunks: [24, 28] };

/** The index; chunks of the tracks count from `mediaAt`. */
export function movie(tracks: readonly TrackSpec[], mediaAt: number): Buffer {
  const placed = tracks.map((spec) => track({ ...spec, chunks: spec.chunks.map((chunk) => mediaAt + chunk) }));
  return box("moov", box("mvhd", 0, 0, 0, 1000, 125, Buffer.alloc(80)), ...placed, box("udta", box("free")));
}

/** The samples: 32 bytes, of which each tells its place. */
export const MEDIA = Buffer.from(Array.from({ length: 32 }, (_, at) => at));

/** A whole file; with `front`, such as a `meta` box, between the type and the index. */
export function mp4File(
  tracks: readonly TrackSpec[],
  options: { indexLast?: boolean; isLarge?: boolean; front?: Buffer } = {},
): Buffer {
  const { indexLast = false, isLarge = false, front = Buffer.alloc(0) } = options;
  const media = isLarge ? Buffer.concat([bytesOf(1), Buffer.from("mdat"), wide(16 + 32), MEDIA]) : box("mdat", MEDIA);
  const head = isLarge ? 16 : 8;
  const before = FTYP.byteLength + front.byteLength;
  if (indexLast) return Buffer.concat([FTYP, front, media, movie(tracks, before + head)]);
  const mediaAt = before + movie(tracks, 0).byteLength + head;
  return Buffer.concat([FTYP, front, movie(tracks, mediaAt), media]);
}

/** A hexadecimal text of the bytes. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
