import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { frameRate } from "#formats/frame-rate.ts";
import { memorySource } from "#formats/exr/byte-source.ts";
import { readMp4 } from "#formats/mp4/read.ts";
import { readWebm } from "#formats/webm/read.ts";
import { videoCodes } from "#formats/color/video-codes.ts";
import { videoTiming } from "#programs/video/timing.ts";
import { RGBA, sized } from "../support/exr-writer.ts";
import {
  ffmpeg,
  ffprobe,
  fileOf,
  makeVideo,
  namesOf,
  plainFrames,
  setStage,
  writeFrames,
  type Light,
  type Stage,
} from "./video-stage.ts";

const MINUTE = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=9", join(stage.folder, "sine.flac"));
}, MINUTE);
afterAll(() => rmSync(stage.folder, { recursive: true }));

const FORMATS = ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const;
const HALF: Light = [1, 1, 1, 0.5];
const source = async (path: string) => memorySource(await Bun.file(path).bytes());

/** The mean luma of the first frame. */
function meanLuma(path: string): number {
  const bytes = ffmpeg("-i", path, "-map", "0:v:0", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-");
  const luma = new Uint16Array(new Uint8Array(bytes).buffer).subarray(0, bytes.byteLength / 3);
  return luma.reduce((sum, code) => sum + code, 0) / luma.length;
}

describe("tags and containers", () => {
  test(
    "are those of HLG in all formats, as another program reads them",
    async () => {
      const frames = plainFrames(stage, "tagged", { light: HALF });
      const profiles = { EXR_264_MP4: "High 10", EXR_AV1_MP4: "Main", EXR_VP9_WEBM: "Profile 2" };
      for (const format of FORMATS) {
        const outcome = await makeVideo(stage, `tagged-${format}`, { frames, format });
        const [name = ""] = namesOf(outcome);
        const entries = "stream=profile,pix_fmt,color_range,color_space,color_transfer,color_primaries,nb_read_frames";
        const { streams } = ffprobe("-count_frames", "-show_entries", entries, fileOf(outcome, name)) as {
          streams: Record<string, string>[];
        };
        expect(streams[0]).toMatchObject({
          ...{ profile: profiles[format], color_range: "pc", color_space: "bt2020nc", color_transfer: "arib-std-b67" },
          ...{ color_primaries: "bt2020", nb_read_frames: "3" },
        });
        expect(streams[0]!["pix_fmt"]).toMatch(/^yuva?420p10le$/);
        if (!name.endsWith(".mp4")) continue;
        // The box in which MP4 says it: `nclx`, primaries, transfer, matrix, and the bit of full range.
        const bytes = Buffer.from(await Bun.file(fileOf(outcome, name)).bytes());
        const box = bytes.subarray(bytes.indexOf("colrnclx"));
        expect([...box.subarray(8, 15)]).toEqual([0, 9, 0, 18, 0, 9, 0x80]);
      }
    },
    MINUTE,
  );

  test(
    "say where alpha is",
    async () => {
      const frames = plainFrames(stage, "alpha", { light: HALF });
      const av1 = await makeVideo(stage, "alpha-av1", { frames, format: "EXR_AV1_MP4" });
      for (const name of ["video.mp4", "video.avif"]) {
        const [color, alpha, ...more] = await readMp4(await source(fileOf(av1, name)));
        expect(more).toEqual([]);
        expect(color).toMatchObject({ codec: "av01", samples: 3, av1: { bitDepth: 10, isMonochrome: false } });
        expect(alpha).toMatchObject({ handler: "auxv", isAlpha: true, auxiliaryOf: [color!.id], samples: 3 });
      }
      const vp9 = await makeVideo(stage, "alpha-vp9", { frames, format: "EXR_VP9_WEBM" });
      for (const [name, bits] of [
        ["video.webm", 10],
        ["video.web.webm", null],
      ] as const) {
        const { tracks } = await readWebm(await source(fileOf(vp9, name)));
        expect(tracks).toHaveLength(1);
        expect(tracks[0]).toMatchObject({ alphaMode: 1, blocks: 3, alphas: 3 });
        expect(tracks[0]!.color).toMatchObject({ matrix: 9, range: 2, transfer: 18, primaries: 9 });
        if (bits) expect(tracks[0]!.color.bits).toBe(bits);
      }
    },
    MINUTE,
  );

  test(
    "have no trace of alpha where every pixel is opaque, with the channel or without",
    async () => {
      const opaque = plainFrames(stage, "opaque");
      const rgb = plainFrames(stage, "rgb", { spec: { channels: { B: "half", G: "half", R: "half" } } });
      const av1 = await makeVideo(stage, "opaque-av1", { frames: opaque, format: "EXR_AV1_MP4" });
      expect(namesOf(av1)).toEqual(["video.mp4"]);
      expect(await readMp4(await source(fileOf(av1, "video.mp4")))).toHaveLength(1);
      const vp9 = await makeVideo(stage, "opaque-vp9", { frames: rgb, format: "EXR_VP9_WEBM" });
      expect(namesOf(vp9)).toEqual(["video.webm"]);
      expect((await readWebm(await source(fileOf(vp9, "video.webm")))).tracks[0]).toMatchObject({
        alphaMode: 0,
        alphas: 0,
      });
    },
    MINUTE,
  );
});

test(
  "one frame is a video too",
  async () => {
    const frames = plainFrames(stage, "one", { count: 1, light: HALF });
    const made = await Promise.all(FORMATS.map((format) => makeVideo(stage, `one-${format}`, { frames, format })));
    expect(made.map(namesOf)).toEqual([["video.mp4"], ["video.mp4", "video.avif"], ["video.webm", "video.web.webm"]]);
  },
  MINUTE,
);

test(
  "two by two pixels are a video too, and of three by three such a one is made",
  async () => {
    const two = plainFrames(stage, "two", { size: [2, 2], light: HALF });
    const three = plainFrames(stage, "three", { size: [3, 3], light: HALF });
    for (const format of FORMATS) {
      const outcome = await makeVideo(stage, `two-${format}`, { frames: two, format });
      expect(outcome).toMatchObject({ kind: "done", size: { width: 2, height: 2 }, isCropped: false });
    }
    const cropped = await makeVideo(stage, "three", { frames: three, format: "EXR_264_MP4" });
    expect(cropped).toMatchObject({ kind: "done", size: { width: 2, height: 2 }, isCropped: true });
  },
  MINUTE,
);

describe("time", () => {
  const packetTimes = (path: string): number[] => {
    const { packets } = ffprobe("-select_streams", "v:0", "-show_entries", "packet=pts_time", path) as {
      packets: { pts_time: string }[];
    };
    return packets.map((packet) => Number(packet.pts_time)).sort((a, b) => a - b);
  };

  test(
    "of 23.976 is exact in MP4, and rounded to milliseconds without drift in WebM",
    async () => {
      const frames = plainFrames(stage, "ntsc", { count: 61 });
      const rate = frameRate(24, Math.fround(1.001));
      const exact = frames.map((_, frame) => (frame * 1001) / 24000);
      for (const format of ["EXR_264_MP4", "EXR_VP9_WEBM"] as const) {
        const outcome = await makeVideo(stage, `ntsc-${format}`, { frames, format, rate });
        expect(outcome).toMatchObject({ kind: "done", durationSeconds: (61 * 1001) / 24000 });
        const times = packetTimes(fileOf(outcome, namesOf(outcome)[0]!));
        const off = times.map((time, frame) => Math.abs(time - exact[frame]!));
        expect(times).toHaveLength(61);
        expect(Math.max(...off)).toBeLessThan(format === "EXR_264_MP4" ? 2e-6 : 0.00051);
      }
    },
    MINUTE,
  );

  test(
    "may be slow: one frame every two seconds",
    async () => {
      const frames = plainFrames(stage, "slow", { count: 3, light: HALF });
      const outcome = await makeVideo(stage, "slow", {
        frames,
        format: "EXR_VP9_WEBM",
        rate: { numerator: 1, denominator: 2 },
      });
      expect(packetTimes(fileOf(outcome, "video.webm"))).toEqual([0, 2, 4]);
    },
    MINUTE,
  );

  test(
    "leads to a key frame every two seconds, to which one can jump",
    async () => {
      const frames = plainFrames(stage, "seek", { count: 120, light: HALF });
      const outcome = await makeVideo(stage, "seek", { frames, format: "EXR_VP9_WEBM" });
      const path = fileOf(outcome, "video.webm");
      const { cues, clusters } = await readWebm(await source(path));
      expect(cues.map(({ timeMs }) => timeMs)).toEqual([0, 2000, 4000]);
      expect(clusters.map(({ position }) => position)).toEqual(cues.map(({ position }) => position));
      const { packets } = ffprobe("-read_intervals", "4.5%+#1", "-show_entries", "packet=pts_time", path) as {
        packets: { pts_time: string }[];
      };
      expect(Number(packets[0]!.pts_time)).toBe(4);
    },
    MINUTE,
  );
});

describe("sound", () => {
  /** The loudness of each tenth of a second, from 0 to 1. */
  const loudness = (path: string): number[] => {
    const bytes = ffmpeg("-i", path, "-map", "0:a:0", "-af", "aresample=48000", "-ac", "1", "-f", "f32le", "-");
    const samples = new Float32Array(new Uint8Array(bytes).buffer);
    return Array.from({ length: Math.round(samples.length / 4800) }, (_, tenth) =>
      samples.subarray(tenth * 4800, (tenth + 1) * 4800).reduce((peak, value) => Math.max(peak, Math.abs(value)), 0),
    );
  };
  const isSilent = (value: number): boolean => value < 0.01;

  test(
    "is as long as the pictures, in every file that can have any",
    async () => {
      const frames = plainFrames(stage, "sound", { count: 24, light: HALF });
      for (const format of FORMATS) {
        const sound = { path: join(stage.folder, "sine.flac"), offsetSeconds: 0 };
        const outcome = await makeVideo(stage, `sound-${format}`, { frames, format, sound });
        for (const name of namesOf(outcome).filter((each) => !each.endsWith("avif"))) {
          const tenths = loudness(fileOf(outcome, name));
          expect(tenths).toHaveLength(10);
          expect(tenths.some(isSilent)).toBe(false);
        }
      }
    },
    MINUTE,
  );

  test(
    "begins where it is told to, and is filled up with silence",
    async () => {
      const frames = plainFrames(stage, "offset", { count: 48 });
      const short = join(stage.folder, "short.flac");
      ffmpeg("-i", join(stage.folder, "sine.flac"), "-t", "1", short);
      const later = { frames, format: "EXR_264_MP4", sound: { path: short, offsetSeconds: 0.5 } } as const;
      const late = loudness(fileOf(await makeVideo(stage, "late", later), "video.mp4"));
      expect(late.map(isSilent)).toEqual(Array.from({ length: 20 }, (_, tenth) => tenth < 5 || tenth >= 15));
      const earlier = { ...later, sound: { path: short, offsetSeconds: -0.5 } } as const;
      const early = loudness(fileOf(await makeVideo(stage, "early", earlier), "video.mp4"));
      expect(early.map(isSilent).slice(0, 5)).toEqual([false, false, false, false, false]);
      expect(early.map(isSilent).slice(6)).toEqual(Array.from({ length: 14 }, () => true));
    },
    MINUTE,
  );

  test(
    "is cut where frames were left out",
    async () => {
      const numbers = [3, 4, 5, 23, 24, 25, 33, 34, 35, 36];
      const { rate, sound } = videoTiming(numbers, { fps: 10, fpsBase: 1 });
      expect(sound).toMatchObject({ firstFrame: 3, lastFrame: 36 });
      // A tone that is louder with every second.
      const path = join(stage.folder, "louder.flac");
      const tone = "aevalsrc=exprs=0.2*(1+floor(t))*sin(440*2*PI*t):sample_rate=44100:duration=3.4,aresample=osf=s16";
      ffmpeg("-f", "lavfi", "-i", tone, path);
      const frames = plainFrames(stage, "cut", { count: numbers.length });
      const order = { frames, rate, sound: { path, offsetSeconds: 0, spans: sound!.spans } };
      const outcome = await makeVideo(stage, "cut", { ...order, format: "EXR_264_MP4" });
      const loud = loudness(fileOf(outcome, "video.mp4"));
      expect(loud).toHaveLength(10);
      // Where one tenth goes over into another an encoder blurs a little.
      for (const [tenth, level] of [0.2, 0.2, null, null, 0.6, null, null, 0.8, 0.8, 0.8].entries()) {
        if (level !== null) expect(Math.abs(loud[tenth]! - level)).toBeLessThan(0.05);
      }
    },
    MINUTE,
  );
});

describe("frames", () => {
  test(
    "of an odd size lose a column and a line, and it is told",
    async () => {
      const frames = plainFrames(stage, "odd", { size: [65, 37], light: HALF });
      const outcome = await makeVideo(stage, "odd", { frames, format: "EXR_VP9_WEBM" });
      expect(outcome).toMatchObject({ kind: "done", isCropped: true, size: { width: 64, height: 36 } });
      const even = plainFrames(stage, "even");
      expect(await makeVideo(stage, "even", { frames: even, format: "EXR_264_MP4" })).toMatchObject({
        isCropped: false,
      });
    },
    MINUTE,
  );

  test(
    "are made brighter or darker by the scene's exposure, beyond what the table holds too",
    async () => {
      for (const [exposure, light] of [
        [2, 0.25],
        [-3, 8],
        [-3, 96],
      ] as const) {
        const frames = plainFrames(stage, `exposed${exposure}-${light}`, { light: [light, light, light, 1] });
        const order = { frames, format: "EXR_264_MP4", exposure } as const;
        const path = fileOf(await makeVideo(stage, `exposed${exposure}-${light}`, order), "video.mp4");
        const lit = light * 2 ** exposure;
        expect(Math.abs(meanLuma(path) - videoCodes(lit, lit, lit).y)).toBeLessThan(2);
      }
    },
    MINUTE,
  );

  test(
    "of several layers show the picture",
    async () => {
      const layer = (name: string) =>
        Object.fromEntries(Object.entries(RGBA).map(([c, type]) => [`${name}.${c}`, type]));
      const channels = {
        ...layer("ViewLayer.Combined"),
        "ViewLayer.Depth.Z": "float",
        ...layer("ViewLayer.Emit"),
      } as const;
      const value = (channel: string): number => (channel.includes("Combined") ? 1 : channel.endsWith("A") ? 1 : 0.18);
      const frames = writeFrames(stage, "layers", 3, () => ({
        window: sized(64, 36),
        channels,
        compression: "zip",
        value,
      }));
      const path = fileOf(await makeVideo(stage, "layers", { frames, format: "EXR_264_MP4" }), "video.mp4");
      expect(Math.abs(meanLuma(path) - 767.3)).toBeLessThan(2);
    },
    MINUTE,
  );

  test(
    "whose data fill a part of the picture lie on nothing",
    async () => {
      const frames = writeFrames(stage, "window", 3, () => ({
        ...{ window: [16, 8, 47, 27], displayWindow: sized(64, 36), channels: RGBA, value: () => 1 },
      }));
      const outcome = await makeVideo(stage, "window", { frames, format: "EXR_AV1_MP4" });
      expect(outcome).toMatchObject({ kind: "done", hasAlpha: true, size: { width: 64, height: 36 } });
    },
    MINUTE,
  );
});
