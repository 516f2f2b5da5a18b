import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import type { VideoOutcome } from "#programs/video/order.ts";
import { ffmpeg, fileOf, makeVideo, patchFrames, plainFrames, setStage, type Stage } from "./video-stage.ts";

const MINUTES = 180_000;
const FRAMES = 8;
const RATE = { numerator: 8, denominator: 1 };
const FORMATS = ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const;

let stage: Stage;
let browser: Browser;
let server: Bun.Server<undefined>;
const outcomes = new Map<string, VideoOutcome>();

beforeAll(async () => {
  stage = await setStage();
  const frames = patchFrames(stage, "patches", FRAMES);
  const opaque = plainFrames(stage, "opaque", { count: FRAMES });
  for (const format of FORMATS) outcomes.set(format, await makeVideo(stage, format, { frames, format, rate: RATE }));
  outcomes.set("opaque", await makeVideo(stage, "opaque", { frames: opaque, format: "EXR_VP9_WEBM", rate: RATE }));
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}, MINUTES);
afterAll(async () => {
  await browser?.close();
  await server?.stop(true);
  rmSync(stage.folder, { recursive: true });
});

/** A page whose green shows through what is transparent, with one element; and the files that it shows. */
function answer(request: Request): Response {
  const [, name = "", file = ""] = new URL(request.url).pathname.split("/");
  if (file !== "") return new Response(Bun.file(fileOf(outcomes.get(name)!, file)));
  const element = new URL(request.url).searchParams.get("element");
  const html = `<!doctype html><body style="margin:0;background:#0f0">${element}</body>`;
  return new Response(html, { headers: { "content-type": "text/html" } });
}

async function open(element: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 320, height: 180 } });
  await page.goto(`${server.url}?element=${encodeURIComponent(element)}`);
  return page;
}

type Seen = { error: string | null; time: number; width: number; frames: number; color: Record<string, unknown> };

/** Plays a video to its end, and tells what was seen. */
async function play(path: string): Promise<Seen> {
  const page = await open(`<video src="/${path}" muted></video>`);
  const seen = await page.evaluate<Seen>(`(async () => {
    const video = document.querySelector("video");
    let color = {};
    const look = () => {
      const frame = new VideoFrame(video);
      color = { ...frame.colorSpace.toJSON(), format: frame.format };
      frame.close();
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    const end = new Promise((resolve) => { video.onended = resolve; video.onerror = resolve; });
    await video.play().catch(() => {});
    await end;
    const { totalVideoFrames: frames } = video.getVideoPlaybackQuality();
    return { error: video.error?.message ?? null, time: video.currentTime, width: video.videoWidth, frames, color };
  })()`);
  await page.close();
  return seen;
}

describe("Chromium plays, and knows for HLG of ten bits at full range", () => {
  test.each([
    ["H.264", "EXR_264_MP4/video.mp4"],
    ["AV1, also with a track of alpha", "EXR_AV1_MP4/video.mp4"],
    ["VP9 without alpha", "opaque/video.webm"],
  ])(
    "%s",
    async (_, path) => {
      const { error, time, width, frames, color } = await play(path);
      expect(error).toBeNull();
      expect(width).toBe(path.startsWith("opaque") ? 64 : 320);
      expect(time).toBeCloseTo(1, 1);
      expect(frames).toBeGreaterThan(FRAMES / 2);
      expect(color).toEqual({
        ...{ primaries: "bt2020", transfer: "hlg", matrix: "bt2020-ncl", fullRange: true },
        format: "I420P10",
      });
    },
    MINUTES,
  );
});

/** The colour in the middle of a patch, as it is on the screen. */
async function onScreen(page: Page): Promise<(row: number, column: number) => number[]> {
  const path = `${stage.folder}/screen.png`;
  await page.screenshot({ path });
  const pixels = ffmpeg("-i", path, "-vf", "format=rgb24", "-f", "rawvideo", "-");
  return (row, column) => {
    const at = 3 * ((30 * row + 15) * 320 + 40 * column + 20);
    return [...pixels.subarray(at, at + 3)];
  };
}

function expectNear(found: number[], wanted: number[]): void {
  const off = found.map((code, channel) => Math.abs(code - wanted[channel]!));
  expect({ found, isNear: Math.max(...off) <= 4 }).toEqual({ found, isNear: true });
}

describe("the copies for browsers let the page's green through", () => {
  test.each([
    ["web.webm of VP9", '<video src="/EXR_VP9_WEBM/video.web.webm" muted></video>', 191],
    ["avif of AV1", '<img src="/EXR_AV1_MP4/video.avif">', 208],
  ])(
    "%s",
    async (_, element, diffuseWhite) => {
      const page = await open(element);
      await page.evaluate(`(async () => {
        const image = document.querySelector("img");
        if (image) return image.decode();
        const video = document.querySelector("video");
        const seek = new Promise((resolve) => { video.onseeked = resolve; });
        video.currentTime = 0.05;
        await seek;
      })()`);
      const at = await onScreen(page);
      const white = at(0, 1)[0]!;
      // On a screen without HDR Chromium shows diffuse white of videos and of pictures a little differently.
      expectNear([white], [diffuseWhite]);
      expectNear(at(0, 1), [white, white, white]);
      expectNear(at(2, 7), [0, 255, 0]);
      expectNear(at(1, 0), [white / 2, (white + 255) / 2, white / 2]);
      expectNear(at(2, 1), [white / 4, white / 4 + 0.75 * 255, white / 4]);
      await page.close();
    },
    MINUTES,
  );
});
