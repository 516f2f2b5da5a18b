import { expect, test } from "bun:test";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import { BlendError } from "#formats/blend/error.ts";
import { locateFiles } from "#formats/blend/missing-files.ts";
import { readBlend, readBlendFile } from "#formats/blend/read.ts";
import { chunksOf } from "../../support/blend-bytes.ts";
import { FORMAT_2_48_PPC, FORMAT_5_0 } from "../../support/blend-writer.ts";
import { Random } from "../../support/random.ts";
import { smallScene } from "../../support/small-scene.ts";
import { zstdAsBlender } from "../../support/zstd-as-blender.ts";

const FIXTURES = new URL("../../fixtures/blend/", import.meta.url).pathname;
const WORDS = [0, -1, 1, 0x7fff_ffff, -0x8000_0000, 0xffff, 0x10000];
const MARKS = ["DATA", "SC\0\0", "OB\0\0", "IM\0\0", "LI\0\0", "NT\0\0", "DNA1", "TLEN", "STRC", "ENDB"];
const FILES = 400;
const FILE_SECONDS = 2;

const seeds = await Promise.all(["2.83", "3.4", "4.3", "5.2"].map((version) => rawFixture(`shot-${version}.blend`)));
seeds.push(smallScene({}, FORMAT_2_48_PPC).finish(), smallScene({}, FORMAT_5_0).finish());
const places = seeds.map(placesOf);

test(`of ${FILES} damaged files each is read or refused with a reason, soon`, async () => {
  const ends = new Set<string>();
  for (let seed = 0; seed < FILES; seed++) {
    const started = performance.now();
    ends.add(
      await endOf(new Random(seed)).catch((error: unknown) =>
        Promise.reject(new Error(`seed ${seed}`, { cause: error })),
      ),
    );
    expect(performance.now() - started).toBeLessThan(FILE_SECONDS * 1000);
  }
  expect([...ends]).toEqual(expect.arrayContaining(["read", "damaged", "truncated"]));
}, 60_000);

/** Damages a file and reads it; returns how that ended. */
async function endOf(random: Random): Promise<string> {
  const file = damagedFile(random);
  const stored = random.pick([() => file, () => zstdAsBlender(file, 50_000), () => gzipSync(file, { level: 1 })])();
  if (stored !== file && random.below(2) === 0) stored[random.below(stored.length)] = random.below(256);
  try {
    const { file: blend } =
      random.below(2) === 0
        ? await readBlendFile(new Blob([stored]))
        : await readBlend(chunksOf(stored, 1 + random.below(5000)));
    expect(JSON.parse(JSON.stringify(blend))).toEqual(blend);
    locateFiles(blend.files, ["tex/wood.png"], "shot.blend");
    return "read";
  } catch (error) {
    if (error instanceof BlendError) return error.code;
    throw error;
  }
}

/** A few bytes, words, copies and ends that are wrong, most of them near block heads, where they hurt. */
function damagedFile(random: Random): Uint8Array<ArrayBuffer> {
  const seed = random.below(seeds.length);
  let file = seeds[seed]!.slice();
  const near = places[seed]!;
  for (let left = 1 + random.below(10); left > 0 && file.length > 100; left--) {
    const wanted = random.below(3) > 0 ? random.pick(near) + random.below(64) : random.below(file.length);
    const at = Math.min(wanted, file.length - 8);
    const from = random.below(file.length - 64);
    const view = new DataView(file.buffer);
    random.pick([
      () => view.setUint8(at, random.below(256)),
      () => view.setUint8(at, view.getUint8(at) ^ (1 << random.below(8))),
      () => view.setUint16(at, random.below(65_536), true),
      () => view.setInt32(at, random.pick(WORDS), true),
      () => file.copyWithin(at, from, from + 1 + random.below(64)),
      () => void (random.below(6) === 0 && (file = file.slice(0, random.below(file.length)))),
    ])();
  }
  return file;
}

function placesOf(file: Uint8Array): number[] {
  const bytes = Buffer.from(file);
  const found: number[] = [];
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) found.push(at);
  }
  return found;
}

async function rawFixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await Bun.file(FIXTURES + name).bytes();
  return new Uint8Array(stored[0] === 0x1f ? gunzipSync(stored) : zstdDecompressSync(stored));
}
