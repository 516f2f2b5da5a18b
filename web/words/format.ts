import type { JobFormat } from "#domain/job.ts";

export type ToldFormat = { title: string; gives: string };

/** What each format gives, in a line: measured with Chromium, Firefox and FFmpeg. */
export const TOLD_FORMATS: Readonly<Record<JobFormat, ToldFormat>> = {
  EXR: {
    title: "EXR frames",
    gives: "Full HDR and alpha in 16-bit half floats, for compositing. The other formats have them too.",
  },
  EXR_264_MP4: {
    title: "EXR + H.264",
    gives: "An .mp4 in HDR (HLG, 10 bit), plays in browsers. No alpha: laid on black.",
  },
  EXR_AV1_MP4: {
    title: "EXR + AV1",
    gives:
      "A small .mp4 in HDR (HLG, 10 bit), plays in browsers. Alpha in a track for FFmpeg, and in an .avif for the web.",
  },
  EXR_VP9_WEBM: {
    title: "EXR + VP9",
    gives:
      "A .webm in HDR (HLG, 10 bit), plays in browsers. Alpha in 10 bit for FFmpeg, and in a second .webm for the web.",
  },
};
