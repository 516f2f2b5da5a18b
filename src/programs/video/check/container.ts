import { HLG_CODE_POINTS } from "#formats/color/code-points.ts";
import type { Mp4Track } from "#formats/mp4/read.ts";
import type { WebmFacts } from "#formats/webm/read.ts";
import type { FrameRate } from "#formats/frame-rate.ts";
import type { PictureSize } from "../../ffmpeg/encoding.ts";
import { secondsOf } from "../../ffmpeg/mux.ts";
import type { Product } from "../product.ts";

/** What a product must have besides what it is. */
export type Wanted = { product: Product; frames: number; rate: FrameRate; size: PictureSize; hasSound: boolean };

/** Half of a millisecond is lost where times are rounded to one. */
const ROUNDING_SECONDS = 0.001;

const HIGH_10_PROFILE = 110;
const RANGE_FULL = 2;
const CODECS = { h264: "avc1", av1: "av01", vp9: "V_VP9" } as const;

/** Lists what is wrong with the tracks of an MP4 or AVIF. */
export function mp4Complaints(tracks: readonly Mp4Track[], wanted: Wanted): string[] {
  const { product, frames, hasSound } = wanted;
  const isStill = product.container === "avif" && frames === 1;
  if (isStill) return tracks.length === 0 ? [] : ["it has tracks, although it is one picture"];
  const pictures = tracks.filter(({ handler }) => handler !== "soun");
  const [color, alpha] = pictures;
  const complaints = color ? colorComplaints(color, wanted) : ["it has no video"];
  if (pictures.length !== (product.hasAlpha ? 2 : 1)) complaints.push(`it has ${pictures.length} tracks of pictures`);
  if (color && alpha && product.hasAlpha) complaints.push(...alphaComplaints(alpha, color, wanted));
  const sounds = tracks.length - pictures.length;
  if (sounds !== (hasSound ? 1 : 0)) complaints.push(`it has ${sounds} tracks of sound`);
  return complaints;
}

function colorComplaints(track: Mp4Track, { product, ...wanted }: Wanted): string[] {
  const complaints = lengthComplaints(track, wanted, "video");
  const { color, av1 } = track;
  const points = HLG_CODE_POINTS;
  if (track.handler !== (product.container === "avif" ? "pict" : "vide")) complaints.push("its video is not marked so");
  if (track.codec !== CODECS[product.codec]) complaints.push(`it is ${track.codec}, not ${CODECS[product.codec]}`);
  if (product.codec === "h264" && track.avcProfile !== HIGH_10_PROFILE) complaints.push("it is not High 10");
  if (product.codec === "av1" && (av1?.bitDepth !== 10 || av1.isMonochrome)) complaints.push("it has not ten bits");
  // An AVIF says it of its first picture, and in the bit stream.
  const says = color?.primaries === points.primaries && color.transfer === points.transfer;
  const isHlg = says && color.matrix === points.matrix && color.isFullRange;
  if (product.container === "mp4" && !isHlg) complaints.push("the container does not say that it is HLG at full range");
  return complaints;
}

function alphaComplaints(alpha: Mp4Track, color: Mp4Track, wanted: Wanted): string[] {
  const complaints = lengthComplaints(alpha, wanted, "alpha");
  if (alpha.handler !== "auxv" || !alpha.isAlpha) complaints.push("its second track is not marked as alpha");
  if (!alpha.auxiliaryOf.includes(color.id)) complaints.push("its alpha does not refer to its colour");
  if (alpha.av1?.bitDepth !== 10) complaints.push("its alpha has not ten bits");
  return complaints;
}

function lengthComplaints(
  { samples, durationSeconds, edit }: Mp4Track,
  wanted: Pick<Wanted, "frames" | "rate">,
  what: string,
): string[] {
  const seconds = secondsOf(wanted);
  const complaints: string[] = [];
  if (samples !== wanted.frames) complaints.push(`its ${what} has ${samples} frames instead of ${wanted.frames}`);
  const isLong = Math.abs(durationSeconds - seconds) > ROUNDING_SECONDS;
  const isEdited = edit !== null && Math.abs(edit.durationSeconds - seconds) > ROUNDING_SECONDS;
  if (isLong || isEdited) {
    complaints.push(`its ${what} lasts ${(edit ?? { durationSeconds }).durationSeconds} s instead of ${seconds} s`);
  }
  return complaints;
}

/** Lists what is wrong with a WebM. */
export function webmComplaints(facts: WebmFacts, { product, frames, rate, size, hasSound }: Wanted): string[] {
  const complaints: string[] = [];
  const videos = facts.tracks.filter(({ isVideo }) => isVideo);
  const [video] = videos;
  if (!video || videos.length > 1) return [`it has ${videos.length} videos`];
  const { color, alphas, blocks } = video;
  const points = HLG_CODE_POINTS;
  const seconds = secondsOf({ frames, rate });
  if (video.codec !== CODECS.vp9) complaints.push(`it is ${video.codec}, not ${CODECS.vp9}`);
  if (video.width !== size.width || video.height !== size.height) complaints.push("it has another size");
  if (blocks !== frames) complaints.push(`its video has ${blocks} frames instead of ${frames}`);
  if (alphas !== (product.hasAlpha ? frames : 0)) complaints.push(`it has alpha in ${alphas} of ${frames} frames`);
  if ((video.alphaMode === 1) !== product.hasAlpha) complaints.push(`its alpha mode is ${video.alphaMode}`);
  const isHlg =
    color.primaries === points.primaries && color.transfer === points.transfer && color.matrix === points.matrix;
  if (!isHlg || color.range !== RANGE_FULL) complaints.push("the container does not say that it is HLG at full range");
  if (Math.abs((facts.durationMs ?? 0) / 1000 - seconds) > ONE_TICK_SECONDS + durationSlack(hasSound)) {
    complaints.push(`it lasts ${(facts.durationMs ?? 0) / 1000} s instead of ${seconds} s`);
  }
  const places = new Set(facts.clusters.map(({ position }) => position));
  const lost = facts.cues.filter(({ position }) => !places.has(position)).length;
  if (facts.cues.length === 0 || lost > 0) complaints.push("one cannot seek in it");
  const sounds = facts.tracks.length - videos.length;
  if (sounds !== (hasSound ? 1 : 0)) complaints.push(`it has ${sounds} tracks of sound`);
  return complaints;
}

/** FFmpeg rounds the time of the last frame and how long it is shown, each for itself. */
const ONE_TICK_SECONDS = 0.002;

/** A frame of Opus reaches beyond the end, of which a player is told what to leave out. */
function durationSlack(hasSound: boolean): number {
  return hasSound ? 0.02 : 0;
}
