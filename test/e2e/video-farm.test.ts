import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { refusalOf, type ApiFile } from "../support/api.ts";
import type { Farm } from "../support/farm.ts";
import { scenes } from "../support/scenes.ts";
import { startFilmFarm } from "./film-farm.ts";
import { ffmpeg, ffprobe } from "./video-stage.ts";

/** Videos from the upload of a scene to the downloaded file: the compiled program, real Blender and FFmpeg. */
const PATIENCE = 240_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
let project: string;

beforeAll(async () => {
  ({ farm, project } = await startFilmFarm());
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

type Stream = Record<string, string | number>;

/** Downloads an output as a user does, and asks FFmpeg about it. */
async function streamsOf(id: number, name: string): Promise<Stream[]> {
  const path = join(farm.folder, `${id}-${name}`);
  await Bun.write(path, await farm.api.output(id, name));
  return (ffprobe("-show_streams", "-count_frames", path) as { streams: Stream[] }).streams;
}

const namesOf = async (id: number): Promise<string[]> =>
  (await farm.api.outputs(id)).map(({ name }) => name).filter((name) => !name.startsWith("frame_"));

const addVideo = (id: number, format: string) => farm.api.call("POST", `/api/jobs/${id}/videos`, { format });

/** The loudest of the first and of the second half of a second. */
function halves(path: string): [number, number] {
  const bytes = ffmpeg("-i", path, "-map", "0:a:0", "-af", "aresample=48000", "-ac", "1", "-f", "f32le", "-");
  const samples = new Float32Array(new Uint8Array(bytes).buffer);
  const peak = (from: number, to: number): number =>
    samples.subarray(from, to).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return [peak(0, 23_000), peak(26_000, 47_000)];
}

/** The scene with the file of its sound. */
async function submitFilm(wishes: Record<string, unknown>): Promise<number> {
  const archive = join(farm.folder, "film.tar");
  const tar = Bun.spawnSync(["tar", "-C", project, "-cf", archive, "film.blend", "tone.wav"]);
  expect(tar.exitCode).toBe(0);
  return farm.api.submit(archive, wishes);
}

test("AV1 and VP9 come with alpha and sound, the second asked for afterwards, and nothing is rendered for it", async () => {
  const id = await submitFilm({ format: "EXR_AV1_MP4" });
  await farm.api.untilJob(id, "completed", 120);
  expect(await namesOf(id)).toEqual(["sound.flac", "video_av1.avif", "video_av1.mp4"]);
  const [color, alpha, sound] = await streamsOf(id, "video_av1.mp4");
  expect(color).toMatchObject({
    codec_name: "av1",
    pix_fmt: "yuv420p10le",
    nb_read_frames: "24",
    r_frame_rate: "24/1",
  });
  expect(alpha).toMatchObject({ codec_name: "av1", nb_read_frames: "24" });
  expect(sound).toMatchObject({ codec_name: "aac" });
  // The tone begins with frame 37 of 25 to 48.
  const [before, after] = halves(join(farm.folder, `${id}-video_av1.mp4`));
  expect(before).toBeLessThan(0.01);
  expect(after).toBeGreaterThan(0.05);

  const rendered = (await farm.api.tasks(id)).filter(({ kind }) => kind !== "encode");
  expect(rendered.map(({ kind }) => kind)).toEqual(["render", "sound"]);
  const added = (await (await addVideo(id, "EXR_VP9_WEBM")).json()) as { status: string };
  expect(added.status).toBe("running");
  expect((await addVideo(id, "EXR_VP9_WEBM")).status).toBe(200);
  await farm.api.untilJob(id, "completed", 60);
  expect((await namesOf(id)).filter((name) => name.endsWith("webm"))).toEqual(["video_vp9.web.webm", "video_vp9.webm"]);
  const [vp9, opus] = await streamsOf(id, "video_vp9.webm");
  expect(vp9).toMatchObject({ codec_name: "vp9", profile: "Profile 2", nb_read_frames: "24" });
  expect(opus).toMatchObject({ codec_name: "opus" });
  expect(halves(join(farm.folder, `${id}-video_vp9.webm`))[1]).toBeGreaterThan(0.05);
  const tasks = await farm.api.tasks(id);
  expect(tasks.filter(({ kind }) => kind !== "encode")).toEqual(rendered);
  expect(tasks.map(({ format }) => format)).toEqual([null, null, "EXR_AV1_MP4", "EXR_VP9_WEBM"]);
  expect((await addVideo(id, "EXR_AV1_MP4")).status).toBe(200);
  expect((await farm.api.job(id)).status).toBe("completed");
});

test("H.264 has the exact rate of NTSC; of an odd size it is cropped and says so; it can be sought in, looked at, and is in the archive", async () => {
  const id = await farm.api.submit(join(project, "ntsc.blend"), {
    frames: "25-29x2,40",
    format: "EXR_264_MP4",
    resolutionPercentage: 98,
  });
  const job = await farm.api.untilJob(id, "completed", 120);
  expect(job.warnings.map(({ code }) => code)).toEqual(["video_cropped", "video_gaps"]);
  expect(await namesOf(id)).toEqual(["video_h264.mp4"]);
  const [video] = await streamsOf(id, "video_h264.mp4");
  expect(video).toMatchObject({ codec_name: "h264", width: 78, height: 30, nb_read_frames: "4", profile: "High 10" });
  expect(video).toMatchObject({ r_frame_rate: "24000/1001", color_transfer: "arib-std-b67", color_range: "pc" });

  const file = (await farm.api.outputs(id)).find(({ name }) => name === "video_h264.mp4")!;
  const part = await farm.api.call("GET", file.url, undefined, { range: "bytes=4-7" });
  expect([part.status, part.headers.get("content-type"), await part.text()]).toEqual([206, "video/mp4", "ftyp"]);
  const preview = await farm.api.call("GET", file.previewUrl);
  expect([preview.status, preview.headers.get("content-type")]).toEqual([200, "image/webp"]);
  const archive = await (await farm.api.call("GET", `/api/jobs/${id}/outputs/archive`)).bytes();
  expect(Buffer.from(archive).includes("video_h264.mp4")).toBe(true);
  const { items } = await farm.api.json<{ items: { format: string; status: string; files: ApiFile[] }[] }>(
    "GET",
    `/api/jobs/${id}/videos`,
  );
  expect(items).toMatchObject([{ format: "EXR_264_MP4", status: "completed", files: [{ name: "video_h264.mp4" }] }]);
});

test("of stereo the left eye is shown, and a single frame is a video too", async () => {
  const id = await farm.api.submit(join(await scenes(), "stereo.blend"), { format: "EXR_AV1_MP4" });
  const job = await farm.api.untilJob(id, "completed", 120);
  expect(job.warnings.map(({ message }) => message)).toContain(
    "Each frame came out as 2 files. The video is made of frame_0001_L.exr and its like.",
  );
  expect(await namesOf(id)).toEqual(["video_av1.avif", "video_av1.mp4"]);
  const [color, alpha] = await streamsOf(id, "video_av1.mp4");
  expect([color, alpha]).toMatchObject([{ nb_read_frames: "1" }, { nb_read_frames: "1" }]);
});

test("a video is refused while frames are missing, and of a format that is none", async () => {
  const { id } = await farm.api.createJob({ frames: "1-2" });
  expect(await refusalOf(await addVideo(id, "EXR_264_MP4"))).toMatchObject({ status: 409, code: "conflict" });
  expect(await refusalOf(await addVideo(id, "EXR"))).toMatchObject({ status: 422, code: "unknown_format" });
});
