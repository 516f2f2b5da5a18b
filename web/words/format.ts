import type { JobFormat } from "#domain/job.ts";

export type ToldFormat = { title: string; gives: string };

/** What each format gives, in a line: measured with Chromium, Firefox and FFmpeg. */
export const TOLD_FORMATS: Readonly<Record<JobFormat, ToldFormat>> = {
  EXR: {
    title: "EXR frames",
    gives: "Full HDR and alpha in 16-bit half floats, for compositing. Comes with the others too.",
  },
  EXR_264_MP4: {
    title: "EXR + H.264",
    gives: "An .mp4 in HDR (HLG, 10 bit), plays in browsers. No alpha: laid on black.",
  },
  EXR_AV1_MP4: {
    title: "EXR + AV1",
    gives:
      "A small .mp4 in HDR (HLG, 10 bit), plays in browsers. Alpha is kept in a second track, and an .avif shows it there.",
  },
  EXR_VP9_WEBM: {
    title: "EXR + VP9",
    gives:
      "A .webm in HDR (HLG, 10 bit), plays in browsers. With alpha it is for editing, and a second .webm plays there.",
  },
};

/** What videos are made in, by their short names: H.264, AV1. */
export function tellVideoFormats(formats: readonly JobFormat[]): string {
  return formats.map((format) => TOLD_FORMATS[format].title.replace("EXR + ", "")).join(", ");
}
