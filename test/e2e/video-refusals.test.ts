import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VideoOrder, VideoOutcome } from "#programs/video/order.ts";
import { RGBA, sized } from "../support/exr-writer.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "../support/small-disk.ts";
import { makeVideo, patchFrames, plainFrames, sabotaged, setStage, writeFrames, type Stage } from "./video-stage.ts";

const MINUTE = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, MINUTE);
afterAll(() => rmSync(stage.folder, { recursive: true }));

/** Makes a video that must fail, and returns why; nothing may be delivered. */
async function failure(
  name: string,
  order: Pick<VideoOrder, "frames" | "format">,
  change?: (argument: string) => string,
): Promise<string> {
  const outcome: VideoOutcome = await makeVideo(stage, name, order, change ? { run: sabotaged(change) } : {});
  if (outcome.kind !== "failed") throw new Error(`it did not fail: ${JSON.stringify(outcome)}`);
  expect(readdirSync(stage.folder)).not.toContain(`${name}-out`);
  return `${outcome.reason}: ${outcome.message}`;
}

describe("frames that FFmpeg would read wrongly without a word", () => {
  const format = "EXR_264_MP4";

  test(
    "a missing one",
    async () => {
      const frames = plainFrames(stage, "hole");
      unlinkSync(frames[1]!);
      expect(await failure("hole", { frames, format })).toBe(
        "bad_output: frame_0009.exr cannot go into a video: The file is not there.",
      );
    },
    MINUTE,
  );

  test(
    "one that breaks off",
    async () => {
      const frames = plainFrames(stage, "truncated", { size: [64, 64], spec: { compression: "none" } });
      truncateSync(frames[2]!, readFileSync(frames[2]!).byteLength - 100);
      expect(await failure("truncated", { frames, format })).toMatch(/^bad_output: frame_0011.exr .*breaks off/);
    },
    MINUTE,
  );

  test(
    "one of another size, or with other channels",
    async () => {
      const [first] = plainFrames(stage, "large", { count: 1 });
      const [small] = plainFrames(stage, "small", { count: 1, size: [32, 36] });
      const [rgb] = plainFrames(stage, "rgb", { count: 1, spec: { channels: { B: "half", G: "half", R: "half" } } });
      expect(await failure("sizes", { frames: [first!, small!], format })).toContain("It has 32 x 36 pixels");
      expect(await failure("channels", { frames: [first!, rgb!], format })).toContain(
        "channels are not those of the first",
      );
    },
    MINUTE,
  );

  test(
    "a display window that does not begin at 0, 0",
    async () => {
      const window = [10, 10, 73, 45] as const;
      const frames = writeFrames(stage, "display", 2, () => ({ window }));
      expect(await failure("display", { frames, format })).toContain("display window");
    },
    MINUTE,
  );

  /** The compression of these is only a name: the chunks hold the pixels as they are. */
  const compressed = (name: string, number: number, channels: Record<string, "half" | "float">): string[] => {
    const frames = writeFrames(stage, name, 1, () => ({ window: sized(32, 32), channels, compression: "piz" }));
    const bytes = readFileSync(frames[0]!);
    bytes[bytes.indexOf("compression\0compression\0") + 28] = number;
    writeFileSync(frames[0]!, bytes);
    return frames;
  };
  const DWAA = 8;
  const B44 = 6;

  test(
    "DWA of single floats or of several layers, and B44",
    async () => {
      const floats = { A: "float", B: "float", G: "float", R: "float" } as const;
      const layers = Object.fromEntries(
        Object.entries(RGBA).map(([name, type]) => [`ViewLayer.Combined.${name}`, type]),
      );
      for (const frames of [compressed("float", DWAA, floats), compressed("layers", DWAA, layers)])
        expect(await failure("dwaa", { frames, format })).toContain("compressed with DWAA");
      expect(await failure("b44", { frames: compressed("b44", B44, RGBA), format })).toContain("compressed with B44");
    },
    MINUTE,
  );
});

describe("a pipeline with a fault makes nothing that is delivered", () => {
  let frames: string[];
  beforeAll(() => {
    frames = patchFrames(stage, "patches", 3);
  });
  const replaced = (from: string, to: string) => (argument: string) => argument.replaceAll(from, to);
  const fault = (name: string, format: VideoOrder["format"], from: string, to: string): Promise<string> =>
    failure(name, { frames, format }, replaced(from, to));

  test(
    "primaries that stay those of BT.709, for which greys are right and colours wrong",
    async () => {
      const primaries = await fault("primaries", "EXR_264_MP4", "t=smpte2084:p=bt2020", "t=smpte2084:p=bt709");
      expect(primaries).toMatch(/^bad_output: .*(brightness|red|blue) is/);
    },
    MINUTE,
  );

  test(
    "light that is cut off at 1",
    async () => {
      const clipped = "format=gbrpf32le,format=gbrp16le,format=gbrpf32le,zscale=tin=linear:pin=bt709";
      const change = (argument: string): string =>
        argument === "-noauto_conversion_filters"
          ? "-hide_banner"
          : argument.replace("zscale=tin=linear:pin=bt709", clipped);
      expect(await failure("clipped", { frames, format: "EXR_264_MP4" }, change)).toMatch(/^bad_output: .*brightness/);
    },
    MINUTE,
  );

  test(
    "another curve",
    async () => {
      expect(await fault("curve", "EXR_264_MP4", "lut1d=file=hlg.cube:interp=linear", "null")).toMatch(/^bad_output: /);
    },
    MINUTE,
  );

  test(
    "a conversion that FFmpeg puts in by itself is refused by the guard",
    async () => {
      expect(
        await fault("guard", "EXR_264_MP4", ",format=yuv420p10le[color]", ",format=yuv422p10le,format=yuv444p[color]"),
      ).toMatch(/^internal: FFmpeg failed/);
    },
    MINUTE,
  );

  test(
    "tags that are not there",
    async () => {
      expect(await fault("tags", "EXR_264_MP4", "arib-std-b67", "bt709")).toMatch(
        /^bad_output: .*(HLG|transfer|brightness)/,
      );
      expect(await fault("range", "EXR_264_MP4", "pc", "tv")).toMatch(/^(bad_output|internal): /);
    },
    MINUTE,
  );

  test(
    "colour that is still multiplied by alpha",
    async () => {
      expect(await fault("straight", "EXR_VP9_WEBM", "unpremultiply=inplace=1", "null")).toMatch(
        /^bad_output: .*brightness/,
      );
    },
    MINUTE,
  );

  test(
    "alpha of a limited range",
    async () => {
      // As several versions of FFmpeg do of themselves: opaque is 940, and the tag still says full.
      const squeezed = "format=yuv420p10le,lutyuv=y=64+val*876/1023,signalstats";
      expect(await fault("limited", "EXR_AV1_MP4", "format=yuv420p10le,signalstats", squeezed)).toMatch(
        /^bad_output: .*alpha is/,
      );
    },
    MINUTE,
  );

  test(
    "alpha that the encoder drops",
    async () => {
      const change = (argument: string): string => (argument === "0:v:1" ? "0:v:0" : argument);
      expect(await failure("dropped", { frames, format: "EXR_VP9_WEBM" }, change)).toMatch(/^bad_output: .*alpha is/);
    },
    MINUTE,
  );

  test(
    "a frame that gets lost on the way",
    async () => {
      const change = (argument: string): string => argument.replace("[0:v]crop", "[0:v]select=gt(n\\,0),crop");
      expect(await failure("lost", { frames, format: "EXR_264_MP4" }, change)).toBe(
        "bad_output: Of 3 frames FFmpeg could read 2.",
      );
    },
    MINUTE,
  );
});

test.skipIf(NO_SMALL_DISK !== null)(
  "a disk without the room that a video takes is told at once, before anything is converted",
  async () => {
    const disk = mountSmallDisk(join(stage.folder, "disk"), 64);
    try {
      const frames = plainFrames(stage, "much", { count: 2 });
      const lines: string[] = [];
      const order = { frames, format: "EXR_264_MP4", workFolder: join(disk.path, "work") } as const;
      const outcome = await makeVideo(stage, "much", order, { onLine: (line) => void lines.push(line) });
      expect(outcome).toMatchObject({ kind: "failed", reason: "disk_full" });
      expect(JSON.stringify(outcome)).toMatch(/takes about 0.2 GB of disk, and there are 0.1 GB/);
      expect(lines).toEqual([]);
    } finally {
      disk.unmount();
    }
  },
  MINUTE,
);

test(
  "a machine without the encoder says so",
  async () => {
    const [frame] = plainFrames(stage, "lacking", { count: 1 });
    const without = { ...stage, tools: { ...stage.tools!, ffmpeg: { ...stage.tools!.ffmpeg, encoders: [] } } };
    const outcome = await makeVideo(without, "lacking", { frames: [frame!], format: "EXR_AV1_MP4" });
    expect(outcome).toMatchObject({ kind: "failed", reason: "encoder_unavailable" });
    const none = await makeVideo({ ...stage, tools: null }, "none", { frames: [frame!], format: "EXR_AV1_MP4" });
    expect(none).toMatchObject({ kind: "failed", reason: "encoder_unavailable" });
  },
  MINUTE,
);
