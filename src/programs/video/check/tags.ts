import type { StreamTags } from "../../ffmpeg/stream-tags.ts";
import type { Wanted } from "./container.ts";

/** How ffprobe calls the profiles of what is made here. */
const PROFILES = { h264: "High 10", av1: "Main", vp9: { 8: "Profile 0", 10: "Profile 2" } } as const;

/** Lists what is wrong with the first video stream of a file, as a decoder sees it: the tags, and the pixels it promises. */
export function tagComplaints(streams: readonly StreamTags[], { product, size }: Wanted): string[] {
  const stream = streams.find(({ kind }) => kind === "video");
  if (!stream) return ["it has no video"];
  const { codec, bits, hasAlpha } = product;
  const wanted: Partial<StreamTags> = {
    codec,
    profile: codec === "vp9" ? PROFILES.vp9[bits] : PROFILES[codec],
    ...size,
    pixelFormat: bits === 10 ? "yuv420p10le" : "yuv420p",
    range: "pc",
    matrix: "bt2020nc",
    transfer: "arib-std-b67",
    primaries: "bt2020",
  };
  // From FFmpeg 9 on the format of a stream with alpha is named so, without the alpha being decoded.
  const alphaFormat = bits === 10 ? "yuva420p10le" : "yuva420p";
  return Object.entries(wanted).flatMap(([tag, value]) => {
    const found = stream[tag as keyof StreamTags];
    if (found === value || (hasAlpha && tag === "pixelFormat" && found === alphaFormat)) return [];
    return [`its ${tag} is ${found}, not ${value}`];
  });
}
