import type { FrameShape } from "./frame-shape.ts";
import { aomAlphaArguments, aomColorArguments, type AomSpeed } from "../ffmpeg/aom.ts";
import { kilobitsPerSecond } from "../ffmpeg/bitrate.ts";
import type { Encoding, Pass, PictureSize } from "../ffmpeg/encoding.ts";
import { vpxArguments, vpxWebArguments } from "../ffmpeg/vpx.ts";
import { x264Arguments } from "../ffmpeg/x264.ts";
import type { Making } from "./making.ts";
import type { VideoStep } from "./progress.ts";
import { together } from "./together.ts";
import { VideoError } from "./video-error.ts";

/** Streams of the master. */
const COLOR = 0;
const ALPHA = 1;

/** A stream to encode: how it is called, and the arguments of each of its two passes. */
type Stream = {
  step: Extract<VideoStep, "color" | "alpha" | "web">;
  passArguments: (pass: Pass) => readonly [string, ...string[]];
};

/** Names of what comes out, in the folder where the video is made. */
export const STREAM_FILES = {
  EXR_264_MP4: { color: "color.mp4", alpha: null, web: null },
  EXR_AV1_MP4: { color: "color.mp4", alpha: "alpha.mp4", web: null },
  EXR_VP9_WEBM: { color: "color.ivf", alpha: "alpha.ivf", web: "web.webm" },
} as const;

/** The size of a video of frames of this shape: 4:2:0 has colour for every second column and line. */
export function videoSize({ width, height }: FrameShape): PictureSize {
  return { width: width - (width % 2), height: height - (height % 2) };
}

/** Encodes all streams of a video, side by side, each in two passes. */
export async function encodeStreams(making: Making, size: PictureSize, hasAlpha: boolean): Promise<void> {
  const streams = streamsOf(making, size, hasAlpha);
  await together(
    streams.map((alternatives) => (signal) => encodeOneOf(making, alternatives, signal)),
    making.signal,
  );
}

/** The streams; of some there is a second way, for where the first makes the encoder crash. */
function streamsOf(making: Making, size: PictureSize, hasAlpha: boolean): Stream[][] {
  const { order, tools } = making;
  const { rate, format, frames } = order;
  const program = tools.ffmpeg.path;
  const encoding = (
    step: string,
    stream: number,
    kind: Parameters<typeof kilobitsPerSecond>[0],
    output: string,
  ): Encoding => ({
    ...{ stream, rate, size, frames: frames.length, statistics: step, output },
    kilobitsPerSecond: kilobitsPerSecond(kind, size, rate),
  });
  switch (format) {
    case "EXR_264_MP4": {
      const color = encoding("color", COLOR, "h264", STREAM_FILES[format].color);
      return [[{ step: "color", passArguments: (pass) => x264Arguments(program, color, pass) }]];
    }
    case "EXR_AV1_MP4": {
      const files = STREAM_FILES[format];
      const color = encoding("color", COLOR, "av1", files.color);
      const alpha = encoding("alpha", ALPHA, "av1Alpha", files.alpha);
      const alphaStream = (speed: AomSpeed): Stream => ({
        step: "alpha",
        passArguments: (pass) => aomAlphaArguments(program, { ...alpha, speed }, pass),
      });
      const colorStream: Stream = { step: "color", passArguments: (pass) => aomColorArguments(program, color, pass) };
      return [[colorStream], ...(hasAlpha ? [[alphaStream("usual"), alphaStream("slow")]] : [])];
    }
    case "EXR_VP9_WEBM": {
      const files = STREAM_FILES[format];
      const color = encoding("color", COLOR, "vp9", files.color);
      const alpha = encoding("alpha", ALPHA, "vp9Alpha", files.alpha);
      const kilobits = color.kilobitsPerSecond + alpha.kilobitsPerSecond;
      const web = { ...encoding("web", COLOR, "vp9", files.web), alphaStream: ALPHA, kilobitsPerSecond: kilobits };
      const colorStream: Stream = { step: "color", passArguments: (pass) => vpxArguments(program, color, pass) };
      if (!hasAlpha) return [[colorStream]];
      return [
        [colorStream],
        [{ step: "alpha", passArguments: (pass) => vpxArguments(program, alpha, pass) }],
        [{ step: "web", passArguments: (pass) => vpxWebArguments(program, web, pass) }],
      ];
    }
    default:
      return format satisfies never;
  }
}

async function encodeOneOf(making: Making, [stream, ...others]: readonly Stream[], signal: AbortSignal): Promise<void> {
  if (!stream) return;
  try {
    await encode(making, stream, signal);
  } catch (error) {
    const isCrash = error instanceof VideoError && error.reason === "internal";
    if (!isCrash || others.length === 0) throw error;
    await encodeOneOf(making, others, signal);
  }
}

async function encode({ workspace, ffmpeg, meter, order }: Making, stream: Stream, signal: AbortSignal): Promise<void> {
  const { step, passArguments } = stream;
  const frames = order.frames.length;
  for (const pass of [1, 2] as const) {
    const name = `${step}-pass-${pass}`;
    if (await workspace.isDone(name)) meter.skip(step, pass, frames);
    await workspace.step(name, async () => {
      const onFrame = (frame: number): void => meter.at(step, pass, frame);
      const done = await ffmpeg.run(passArguments(pass), { signal, onFrame });
      if (pass === 2 && done.frames !== frames) {
        throw new VideoError("bad_output", `Of ${frames} frames the encoder wrote ${done.frames}.`);
      }
      meter.at(step, pass, frames);
    });
  }
}
