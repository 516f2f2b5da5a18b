import type { FrameRate } from "../frame-rate.ts";
import type { CodePoints } from "../color/code-points.ts";
import { VIDEO_TRACK } from "./block.ts";
import { type Cluster, clusterHead } from "./clusters.ts";
import { element, fixedHead, fixedNumber, float } from "./ebml.ts";
import * as ids from "./ids.ts";

/** All that a player is told before the first cluster. */
export type VideoTrack = {
  width: number;
  height: number;
  bitDepth: number;
  profile: number;
  isFullRange: boolean;
  codePoints: CodePoints;
  hasAlpha: boolean;
  rate: FrameRate;
  frames: number;
};

const APP = "JiggaBlend";
const MILLISECOND_NS = 1_000_000;
const TRACK_TYPE_VIDEO = 1;
const PROGRESSIVE = 2;

/** Features of VP9 by their number ("VP Codec ISO Media File Format Binding" for WebM's CodecPrivate), and 4:2:0 between the lines. */
const VP9_PROFILE = 1;
const VP9_BIT_DEPTH = 3;
const VP9_CHROMA = 4;
const VP9_420_VERTICAL = 0;

const RANGE_BROADCAST = 1;
const RANGE_FULL = 2;

/** Chroma lies on the columns of every other luma, between two lines, as `-chroma_sample_location left` makes it. */
const SITING_COLLOCATED = 1;
const SITING_HALF = 2;

/** The document's first bytes. */
export function ebmlHead(): Uint8Array {
  return element(
    ids.EBML,
    element(ids.EBML_VERSION, 1),
    element(ids.EBML_READ_VERSION, 1),
    element(ids.EBML_MAX_ID_LENGTH, 4),
    element(ids.EBML_MAX_SIZE_LENGTH, 8),
    element(ids.DOC_TYPE, "webm"),
    element(ids.DOC_TYPE_VERSION, 4),
    element(ids.DOC_TYPE_READ_VERSION, 2),
  );
}

/** The segment up to its first cluster: where things are, how long it is, its track, and the cues, by which players seek. */
export function segmentHead(track: VideoTrack, clusters: readonly Cluster[]): Uint8Array {
  const info = infoElement(track);
  const tracks = element(ids.TRACKS, trackEntry(track));
  const seekBytes = seekHead([0, 0, 0]).byteLength;
  const cuesAt = seekBytes + info.byteLength + tracks.byteLength;
  const clustersAt = cuesAt + cues(clusters, 0).byteLength;
  const clusterBytes = clusters.reduce((sum, cluster) => sum + sizeOf(cluster), 0);
  return Buffer.concat([
    fixedHead(ids.SEGMENT, clustersAt + clusterBytes),
    seekHead([seekBytes, seekBytes + info.byteLength, cuesAt]),
    info,
    tracks,
    cues(clusters, clustersAt),
  ]);
}

function infoElement({ rate, frames }: VideoTrack): Uint8Array {
  return element(
    ids.INFO,
    element(ids.TIMESTAMP_SCALE, MILLISECOND_NS),
    element(ids.MUXING_APP, APP),
    element(ids.WRITING_APP, APP),
    element(ids.DURATION, float((frames * 1000 * rate.denominator) / rate.numerator)),
  );
}

function trackEntry(track: VideoTrack): Uint8Array {
  const { rate, profile, bitDepth, hasAlpha } = track;
  const features = Buffer.from([VP9_PROFILE, 1, profile, VP9_BIT_DEPTH, 1, bitDepth, VP9_CHROMA, 1, VP9_420_VERTICAL]);
  return element(
    ids.TRACK_ENTRY,
    element(ids.TRACK_NUMBER, VIDEO_TRACK),
    element(ids.TRACK_UID, VIDEO_TRACK),
    element(ids.TRACK_TYPE, TRACK_TYPE_VIDEO),
    element(ids.FLAG_LACING, 0),
    element(ids.LANGUAGE, "und"),
    element(ids.CODEC_ID, "V_VP9"),
    element(ids.CODEC_PRIVATE, features),
    element(ids.DEFAULT_DURATION, Math.round((1e9 * rate.denominator) / rate.numerator)),
    ...(hasAlpha ? [element(ids.MAX_BLOCK_ADDITION_ID, 1)] : []),
    videoElement(track),
  );
}

function videoElement({ width, height, hasAlpha, bitDepth, isFullRange, codePoints }: VideoTrack): Uint8Array {
  const colour = element(
    ids.COLOUR,
    element(ids.MATRIX_COEFFICIENTS, codePoints.matrix),
    element(ids.BITS_PER_CHANNEL, bitDepth),
    element(ids.CHROMA_SUBSAMPLING_HORZ, 1),
    element(ids.CHROMA_SUBSAMPLING_VERT, 1),
    element(ids.CHROMA_SITING_HORZ, SITING_COLLOCATED),
    element(ids.CHROMA_SITING_VERT, SITING_HALF),
    element(ids.RANGE, isFullRange ? RANGE_FULL : RANGE_BROADCAST),
    element(ids.TRANSFER_CHARACTERISTICS, codePoints.transfer),
    element(ids.PRIMARIES, codePoints.primaries),
  );
  return element(
    ids.VIDEO,
    element(ids.PIXEL_WIDTH, width),
    element(ids.PIXEL_HEIGHT, height),
    ...(hasAlpha ? [element(ids.ALPHA_MODE, 1)] : []),
    element(ids.FLAG_INTERLACED, PROGRESSIVE),
    colour,
  );
}

/** Positions count from the start of the segment's content. */
function seekHead([info, tracks, cues]: readonly [number, number, number]): Uint8Array {
  const seek = (id: number, position: number): Uint8Array =>
    element(ids.SEEK, element(ids.SEEK_ID, id), element(ids.SEEK_POSITION, fixedNumber(BigInt(position))));
  return element(ids.SEEK_HEAD, seek(ids.INFO, info), seek(ids.TRACKS, tracks), seek(ids.CUES, cues));
}

/** One cue for each cluster that begins with a key frame. */
function cues(clusters: readonly Cluster[], clustersAt: number): Uint8Array {
  let position = clustersAt;
  const points = clusters.flatMap((cluster) => {
    const place = element(
      ids.CUE_TRACK_POSITIONS,
      element(ids.CUE_TRACK, VIDEO_TRACK),
      element(ids.CUE_CLUSTER_POSITION, fixedNumber(BigInt(position))),
    );
    position += sizeOf(cluster);
    return cluster.startsWithKey ? [element(ids.CUE_POINT, element(ids.CUE_TIME, cluster.timeMs), place)] : [];
  });
  return element(ids.CUES, ...points);
}

function sizeOf(cluster: Cluster): number {
  return clusterHead(cluster).byteLength + cluster.blockBytes;
}
