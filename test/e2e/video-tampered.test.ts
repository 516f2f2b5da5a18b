import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VideoFormat } from "#programs/ffmpeg/video-tools.ts";
import { ffmpeg, makeVideo, namesOf, patchFrames, setStage, type Stage } from "./video-stage.ts";

const MINUTE = 60_000;
const FRAMES = 8;
let stage: Stage;
let frames: string[];

beforeAll(async () => {
  stage = await setStage();
  frames = patchFrames(stage, "patches", FRAMES);
  ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=2", join(stage.folder, "sine.flac"));
  for (const format of ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const) {
    const sound = { path: join(stage.folder, "sine.flac"), offsetSeconds: 0 };
    expect(namesOf(await makeVideo(stage, format, { frames, format, sound }))[0]).toStartWith("video.");
  }
}, 3 * MINUTE);
afterAll(() => rmSync(stage.folder, { recursive: true }));

let number = 0;

/**
 * What the check says of a finished video of which something was changed just before it: in a copy of the folder where it was made the order is
 * given again, and nothing is left to do but to check.
 */
async function complaint(format: VideoFormat, tamper: (product: (ending: string) => string) => void): Promise<string> {
  const name = `tampered-${(number += 1)}`;
  const work = join(stage.folder, `${name}-work`);
  cpSync(join(stage.folder, `${format}-work`), work, { recursive: true });
  tamper((ending) => join(work, `products/video.${ending}`));
  const sound = { path: join(stage.folder, "sine.flac"), offsetSeconds: 0 };
  const outcome = await makeVideo(stage, name, { frames, format, sound });
  return outcome.kind === "failed" ? `${outcome.reason}: ${outcome.message}` : "nothing";
}

/** Puts in the place of a file what FFmpeg makes of it. */
function remake(path: string, ...args: string[]): void {
  ffmpeg("-i", path, ...args, `${path}.new.${path.split(".").at(-1)}`);
  renameSync(`${path}.new.${path.split(".").at(-1)}`, path);
}

/** Changes bytes that are there once, or as often as said. */
function patch(path: string, from: number[], to: number[], times = 1): void {
  const bytes = readFileSync(path);
  const places: number[] = [];
  for (let at = bytes.indexOf(Buffer.from(from)); at >= 0; at = bytes.indexOf(Buffer.from(from), at + 1))
    places.push(at);
  expect(places).toHaveLength(times);
  for (const at of places) bytes.set(to, at);
  writeFileSync(path, bytes);
}

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

const TAGS = ["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"];
const FULL = [...TAGS, "-color_range", "pc", "-chroma_sample_location", "left"];
const X264 = ["-c:v", "libx264", "-profile:v", "high10", "-preset", "veryfast", "-crf", "5", "-c:a", "copy"];
const MP4 = ["-movflags", "+faststart+write_colr"];
const SQUEEZED = "lutyuv=y=64+val*876/1023:u=64+val*896/1023:v=64+val*896/1023";

test(
  "what was not touched passes",
  async () => {
    for (const format of ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const)
      expect(await complaint(format, () => {})).toBe("nothing");
  },
  MINUTE,
);

describe("of H.264 the check refuses", () => {
  const format = "EXR_264_MP4";

  test.each([
    ["a limited range that is called full", ["-vf", SQUEEZED, ...X264, ...FULL, ...MP4], /brightness is/],
    [
      "a range that is called limited",
      ["-vf", "setparams=range=tv", ...X264, ...TAGS, "-color_range", "tv", ...MP4],
      /full range/,
    ],
    ["PQ that is called HLG in the container", null, /HLG at full range/],
    [
      "a frame too few",
      ["-vf", "select=not(eq(n\\,3))", "-fps_mode", "passthrough", ...X264, ...FULL, ...MP4],
      /7 frames instead of 8/,
    ],
    ["frames in another order", ["-vf", "reverse", ...X264, ...FULL, ...MP4], /brightness is .* in frame/],
    ["another frame rate", ["-vf", "setpts=2*PTS", ...X264, ...FULL, ...MP4], /lasts .* instead of/],
    ["no sound", ["-an", "-c:v", "copy", ...MP4], /0 tracks of sound/],
    ["sound that ends too early", ["-c:v", "copy", "-af", "atrim=end=0.1", "-c:a", "aac", ...MP4], /sound lasts/],
  ])(
    "%s",
    async (_, args, wanted) => {
      const said = await complaint(format, (product) => {
        if (args) remake(product("mp4"), ...args);
        // `colr`, `nclx`, primaries 9, transfer 18, matrix 9.
        else patch(product("mp4"), [...ascii("colrnclx"), 0, 9, 0, 18], [...ascii("colrnclx"), 0, 9, 0, 16]);
      });
      expect(said).toMatch(/^bad_output: video.mp4 did not pass the check: /);
      expect(said).toMatch(wanted);
    },
    MINUTE,
  );

  test(
    "what FFmpeg makes of the frames by itself, with the right words on it",
    async () => {
      const said = await complaint(format, (product) => {
        const input = ["-framerate", "24", "-pattern_type", "glob", "-i", join(stage.folder, "patches/*.exr")];
        const sound = [
          "-i",
          join(stage.folder, "sine.flac"),
          "-t",
          String(FRAMES / 24),
          "-af",
          "aresample=osf=fltp",
          "-c:a",
          "aac",
        ];
        // From 7 on FFmpeg knows that an EXR is linear, and says so unless told otherwise.
        const words = "setparams=range=pc:color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc";
        const naive = [
          "-vf",
          `scale,format=yuv420p10le,${words}`,
          "-c:v",
          "libx264",
          "-profile:v",
          "high10",
          "-crf",
          "5",
        ];
        ffmpeg(...input, ...sound, ...naive, ...FULL, ...MP4, product("mp4"));
      });
      expect(said).toMatch(/^bad_output: .*(brightness|red|blue) is/);
    },
    MINUTE,
  );

  test(
    "eight bits",
    async () => {
      const eight = ["-vf", "scale=in_range=full:out_range=full,format=yuv420p", "-c:v", "libx264", "-c:a", "copy"];
      const said = await complaint(format, (product) => remake(product("mp4"), ...eight, ...FULL, ...MP4));
      expect(said).toMatch(/High 10/);
    },
    MINUTE,
  );

  test(
    "a file that breaks off",
    async () => {
      const said = await complaint(format, (product) => {
        const bytes = readFileSync(product("mp4"));
        writeFileSync(product("mp4"), bytes.subarray(0, bytes.length * 0.6));
      });
      expect(said).toStartWith("bad_output: video.mp4 did not pass the check: ");
    },
    MINUTE,
  );
});

describe("of AV1 the check refuses", () => {
  const format = "EXR_AV1_MP4";
  const COPY = ["-c", "copy", ...MP4];

  test(
    "no alpha",
    async () => {
      const said = await complaint(format, (product) =>
        remake(product("mp4"), "-map", "0:v:0", "-map", "0:a", ...COPY),
      );
      expect(said).toMatch(/it has 1 tracks of pictures/);
    },
    MINUTE,
  );

  test(
    "alpha that is not called so",
    async () => {
      const said = await complaint(format, (product) => remake(product("mp4"), "-map", "0:v", "-map", "0:a", ...COPY));
      expect(said).toMatch(/not marked as alpha/);
    },
    MINUTE,
  );

  test(
    "alpha that belongs to nothing",
    async () => {
      const said = await complaint(format, (product) => {
        patch(product("mp4"), ascii("auxl"), ascii("cdsc"));
      });
      expect(said).toMatch(/alpha does not refer to its colour/);
    },
    MINUTE,
  );

  test(
    "an AVIF with other pictures than the video",
    async () => {
      const said = await complaint(format, (product) => {
        const bytes = readFileSync(product("avif"));
        const data = bytes.indexOf("mdat") + 4;
        bytes[data + 200]! ^= 0xff;
        writeFileSync(product("avif"), bytes);
      });
      expect(said).toMatch(/^bad_output: video.avif .*its pictures are not those of video.mp4/);
    },
    MINUTE,
  );
});

describe("of VP9 the check refuses", () => {
  const format = "EXR_VP9_WEBM";

  test(
    "alpha that is not called so",
    async () => {
      // The element AlphaMode, one byte long.
      const said = await complaint(format, (product) =>
        patch(product("webm"), [0x53, 0xc0, 0x81, 1], [0x53, 0xc0, 0x81, 0]),
      );
      expect(said).toMatch(/^bad_output: video.webm .*its alpha mode is 0/);
    },
    MINUTE,
  );

  test(
    "a copy for browsers without alpha",
    async () => {
      const said = await complaint(format, (product) => {
        const encode = ["-map", "0:v", "-map", "0:a", "-c:v", "libvpx-vp9", "-crf", "10", "-c:a", "copy"];
        remake(product("web.webm"), ...encode, ...FULL, "-cues_to_front", "1");
      });
      expect(said).toMatch(/^bad_output: video.web.webm .*alpha in 0 of 8 frames/);
    },
    MINUTE,
  );

  test(
    "another transfer in the container",
    async () => {
      // TransferCharacteristics, one byte long.
      const said = await complaint(format, (product) =>
        patch(product("webm"), [0x55, 0xba, 0x81, 18], [0x55, 0xba, 0x81, 16]),
      );
      expect(said).toMatch(/does not say that it is HLG/);
    },
    MINUTE,
  );
});
