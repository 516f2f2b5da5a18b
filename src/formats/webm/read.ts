import type { ByteSource } from "../exr/byte-source.ts";
import { windowed } from "../windowed-source.ts";
import { blocksIn, type WebmBlock } from "./blocks.ts";
import { elementsIn, readFloat, readUnsigned, type WebmElement } from "./elements.ts";
import * as ids from "./ids.ts";
import { readTracks, type WebmTrack } from "./tracks.ts";

/** How many blocks a track has, how many of them carry alpha, and how many are key frames. */
export type WebmCount = { blocks: number; alphas: number; keyFrames: number };

/** What a WebM says of itself. Positions count from the start of the segment's content. */
export type WebmFacts = {
  durationMs: number | null;
  tracks: (WebmTrack & WebmCount)[];
  clusters: { timeMs: number; position: number; startsWithKey: boolean }[];
  cues: { timeMs: number; position: number }[];
};

const MILLISECOND_NS = 1_000_000;

/** The id of the element with which every WebM begins. */
const MAGIC = Buffer.from(ids.EBML.toString(16), "hex");

/** Reads a WebM from end to end, but for its pictures. Throws an Error for anything else, and where it is damaged. */
export async function readWebm(file: ByteSource): Promise<WebmFacts> {
  const source = windowed(file);
  const segment = await findSegment(source);
  const facts: WebmFacts = { durationMs: null, tracks: [], clusters: [], cues: [] };
  for await (const element of elementsIn(source, segment)) {
    if (element.id === ids.INFO) facts.durationMs = await readDuration(source, element);
    if (element.id === ids.CUES) facts.cues = await readCues(source, element);
    if (element.id === ids.TRACKS)
      facts.tracks = (await readTracks(source, element)).map((track) => ({
        ...track,
        ...{ blocks: 0, alphas: 0, keyFrames: 0 },
      }));
    if (element.id === ids.CLUSTER) await readCluster(source, element, facts, segment.start);
  }
  return facts;
}

/** Goes through all blocks of a WebM, whatever their track. */
export async function* webmBlocks(file: ByteSource): AsyncGenerator<WebmBlock, undefined> {
  const source = windowed(file);
  for await (const element of elementsIn(source, await findSegment(source)))
    if (element.id === ids.CLUSTER) yield* blocksIn(source, element);
}

async function findSegment(source: ByteSource): Promise<WebmElement> {
  if (!Buffer.from(await source.read(0, MAGIC.byteLength)).equals(MAGIC)) throw new Error("This is not a WebM.");
  for await (const element of elementsIn(source, { start: 0, end: source.size }))
    if (element.id === ids.SEGMENT) return element;
  throw new Error("This is not a WebM.");
}

async function readDuration(source: ByteSource, info: WebmElement): Promise<number | null> {
  let durationMs: number | null = null;
  for await (const element of elementsIn(source, info)) {
    if (element.id === ids.DURATION) durationMs = await readFloat(source, element);
    if (element.id === ids.TIMESTAMP_SCALE && (await readUnsigned(source, element)) !== MILLISECOND_NS)
      throw new Error("This WebM does not count in milliseconds.");
  }
  return durationMs;
}

async function readCues(source: ByteSource, cues: WebmElement): Promise<WebmFacts["cues"]> {
  const found: WebmFacts["cues"] = [];
  for await (const point of elementsIn(source, cues)) {
    if (point.id !== ids.CUE_POINT) continue;
    const cue = { timeMs: 0, position: 0 };
    for await (const element of elementsIn(source, point)) {
      if (element.id === ids.CUE_TIME) cue.timeMs = await readUnsigned(source, element);
      if (element.id !== ids.CUE_TRACK_POSITIONS) continue;
      for await (const place of elementsIn(source, element))
        if (place.id === ids.CUE_CLUSTER_POSITION) cue.position = await readUnsigned(source, place);
    }
    found.push(cue);
  }
  return found;
}

async function readCluster(
  source: ByteSource,
  cluster: WebmElement,
  facts: WebmFacts,
  segmentStart: number,
): Promise<void> {
  let isFirst = true;
  for await (const block of blocksIn(source, cluster)) {
    if (isFirst) {
      const position = cluster.headStart - segmentStart;
      facts.clusters.push({ timeMs: block.timeMs, position, startsWithKey: block.isKey });
    }
    isFirst = false;
    const track = facts.tracks.find(({ number }) => number === block.track);
    if (!track) throw new Error(`The WebM has a block of track ${block.track}, which it does not name.`);
    track.blocks += 1;
    if (block.alpha) track.alphas += 1;
    if (block.isKey) track.keyFrames += 1;
  }
}
