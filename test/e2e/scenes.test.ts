import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { memorySource } from "#formats/exr/byte-source.ts";
import { pixelDigest } from "#formats/exr/pixel-digest.ts";
import type { Wishes } from "../support/api.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { readPicture, type Picture, type Rgba } from "../support/picture.ts";
import { scenes } from "../support/scenes.ts";

/** Scenes as people have them. All jobs are submitted at once; each test waits for its own. */
const MINUTE = 60_000;
const RED: Rgba = [1, 0, 0, 1];
const GREEN: Rgba = [0, 1, 0, 1];
const BLUE: Rgba = [0, 0, 1, 1];
const WHITE: Rgba = [1, 1, 1, 1];
const NOTHING: Rgba = [0, 0, 0, 0];

/** The scene's file, and what the job says besides. */
const JOBS = {
  zip: ["project.zip"],
  tarGz: ["project.tar.gz"],
  withoutTexture: ["project-without-texture.zip"],
  withoutLibrary: ["project-without-library.zip"],
  missingTexture: ["missing-texture.blend"],
  noCamera: ["no-camera.blend"],
  chosenCamera: ["no-camera.blend", { camera: "Spare camera" }],
  noSuchCamera: ["scenes-and-cameras.blend", { camera: "Kamera oben" }],
  unknownEngine: ["unknown-engine.blend"],
  chosenEngine: ["unknown-engine.blend", { engine: "CYCLES" }],
  ownSteps: ["frame-step.blend"],
  givenFrames: ["frame-step.blend", { frames: "2,1" }],
  markers: ["scenes-and-cameras.blend"],
  otherCamera: ["scenes-and-cameras.blend", { camera: "Kamera übrig" }],
  otherScene: ["scenes-and-cameras.blend", { scene: "Nacht und Nebel" }],
  noSuchScene: ["scenes-and-cameras.blend", { scene: "Morgen" }],
  overrides: ["animated.blend", { frames: "1", samples: 3, resolutionPercentage: 50 }],
  workbench: ["animated.blend", { frames: "1", engine: "BLENDER_WORKBENCH" }],
  plain: ["animated.blend", { frames: "3" }],
  zstd: ["animated-compressed.blend", { frames: "3" }],
  jpeg: ["jpeg.blend"],
  movie: ["movie.blend"],
  stereo: ["stereo.blend"],
  border: ["border.blend"],
} as const satisfies Record<string, readonly [string, Wishes?]>;

type JobName = keyof typeof JOBS;

let farm: Farm;
let ids: Record<JobName, number>;

beforeAll(async () => {
  const folder = await scenes();
  farm = await startFarm({ settings: { "frames-per-render-task": "4" } });
  await farm.startRunner({ flags: ["--slots", "2"] });
  const submitted: [string, number][] = [];
  for (const [name, [file, wishes]] of Object.entries(JOBS) as [JobName, readonly [string, Wishes?]][])
    submitted.push([name, await farm.api.submit(join(folder, file), wishes)]);
  ids = Object.fromEntries(submitted) as Record<JobName, number>;
}, 2 * MINUTE);

afterAll(() => farm?.stop(), MINUTE);

const done = (name: JobName) => farm.api.untilJob(ids[name], "completed");
const stopped = (name: JobName) => farm.api.untilJob(ids[name], "failed");

async function picture(name: JobName, file = "frame_0001.exr"): Promise<Picture> {
  await done(name);
  return readPicture(await farm.api.output(ids[name], file));
}

async function names(name: JobName): Promise<string[]> {
  await done(name);
  return (await farm.api.outputs(ids[name])).map((output) => output.name);
}

describe("a project of several folders", () => {
  test.each(["zip", "tarGz"] as const)(
    "renders with its texture and its library (%s)",
    async (name) => {
      const { at } = await picture(name);
      expect([at(10, 18), at(54, 18)]).toEqual([RED, BLUE]);
      expect((await farm.api.job(ids[name])).warnings).toEqual([]);
      expect((await farm.api.metadata(ids[name])).mainFile).toBe("Mein Projekt/Szenen/Größe 1.blend");
    },
    MINUTE,
  );

  test(
    "renders without a texture, and the job names it",
    async () => {
      const { at } = await picture("withoutTexture");
      expect(at(54, 18)).toEqual(BLUE);
      const { warnings } = await farm.api.job(ids.withoutTexture);
      expect(warnings.map(({ code }) => code)).toEqual(["missing_file"]);
      expect(warnings[0]!.message).toContain("holz fläche.png");
    },
    MINUTE,
  );

  test(
    "without a library stops before any runner is bothered",
    async () => {
      const job = await stopped("withoutLibrary");
      expect(job.reason).toBe("missing_files");
      expect(job.message).toContain("Réquisits.blend");
      expect(await farm.api.tasks(job.id)).toEqual([]);
    },
    MINUTE,
  );
});

describe("what a scene lacks", () => {
  test(
    "a missing texture is a warning with its name, and the frame is rendered",
    async () => {
      await done("missingTexture");
      const { warnings } = await farm.api.job(ids.missingTexture);
      expect(warnings.map(({ code }) => code)).toEqual(["missing_file"]);
      expect(warnings[0]!.message).toContain("Gemälde 1.png");
    },
    MINUTE,
  );

  test(
    "a scene without a camera stops before any runner is bothered, and says what cameras there are",
    async () => {
      const job = await stopped("noCamera");
      expect(job.reason).toBe("no_camera");
      expect(job.message).toContain("Spare camera");
      expect(await farm.api.tasks(job.id)).toEqual([]);
    },
    MINUTE,
  );

  test(
    "a camera that the job names makes up for it",
    async () => {
      expect((await picture("chosenCamera")).middle).toEqual(GREEN);
    },
    MINUTE,
  );

  test(
    "a camera that is not there stops the job",
    async () => {
      const job = await stopped("noSuchCamera");
      expect(job.reason).toBe("no_camera");
      expect(job.message).toContain("Kamera oben");
      expect(await farm.api.tasks(job.id)).toEqual([]);
    },
    MINUTE,
  );

  test(
    "an engine that no Blender here has stops the job",
    async () => {
      const job = await stopped("unknownEngine");
      expect(job.reason).toBe("blender_unavailable");
      expect(job.message).toContain("STRANGE_ENGINE");
      expect(await farm.api.tasks(job.id)).toEqual([]);
    },
    MINUTE,
  );

  test(
    "an engine that the job names makes up for it",
    async () => {
      expect((await picture("chosenEngine")).middle).toEqual(GREEN);
    },
    MINUTE,
  );
});

describe("frames", () => {
  test(
    "are the scene's own, with its step, where none are given; frame 0 is one of them",
    async () => {
      expect(await names("ownSteps")).toEqual(["frame_0000.exr", "frame_0003.exr", "frame_0006.exr"]);
      expect((await farm.api.job(ids.ownSteps)).frames).toBe("0-7x3");
    },
    MINUTE,
  );

  test(
    "are exactly those that are given",
    async () => {
      expect(await names("givenFrames")).toEqual(["frame_0001.exr", "frame_0002.exr"]);
    },
    MINUTE,
  );
});

describe("scenes and cameras", () => {
  test(
    "markers switch the camera from frame to frame",
    async () => {
      expect((await picture("markers", "frame_0001.exr")).middle).toEqual(RED);
      expect((await picture("markers", "frame_0002.exr")).middle).toEqual(BLUE);
      expect((await picture("markers", "frame_0003.exr")).middle).toEqual(BLUE);
    },
    MINUTE,
  );

  test(
    "a camera that the job names wins over the markers",
    async () => {
      for (const file of ["frame_0001.exr", "frame_0002.exr"])
        expect((await picture("otherCamera", file)).middle).toEqual(GREEN);
    },
    MINUTE,
  );

  test(
    "another scene comes with its own frames and size",
    async () => {
      expect(await names("otherScene")).toEqual(["frame_0010.exr", "frame_0011.exr"]);
      const { width, height, middle } = await picture("otherScene", "frame_0010.exr");
      expect([width, height, middle]).toEqual([40, 20, WHITE]);
    },
    MINUTE,
  );

  test(
    "a scene that is not there stops the job",
    async () => {
      const job = await stopped("noSuchScene");
      expect(job.message).toContain("Morgen");
      expect(job.message).toContain("Nacht und Nebel");
      expect(await farm.api.tasks(job.id)).toEqual([]);
    },
    MINUTE,
  );
});

describe("what the job says otherwise than the scene", () => {
  test(
    "samples and size are the job's",
    async () => {
      const { width, height, notes } = await picture("overrides");
      expect([width, height]).toEqual([32, 18]);
      expect(notes.get("cycles.ViewLayer.samples")).toBe("3");
    },
    MINUTE,
  );

  test(
    "the engine is the job's",
    async () => {
      const { notes, width } = await picture("workbench");
      expect(width).toBe(64);
      expect([...notes.keys()].filter((key) => key.startsWith("cycles."))).toEqual([]);
    },
    MINUTE,
  );
});

describe("files and output settings", () => {
  test(
    "a compressed .blend gives the same pixels as a plain one",
    async () => {
      await Promise.all([done("plain"), done("zstd")]);
      const digest = async (name: JobName) =>
        pixelDigest(memorySource(await farm.api.output(ids[name], "frame_0003.exr")));
      expect(await digest("zstd")).toBe(await digest("plain"));
    },
    MINUTE,
  );

  test.each(["jpeg", "movie"] as const)(
    "a scene that saves %s without alpha gives EXRs with alpha and full light",
    async (name) => {
      const { at, channels } = await picture(name);
      expect(channels.map((channel) => channel.name)).toEqual(["A", "B", "G", "R"]);
      expect([at(10, 18), at(54, 18)]).toEqual([[4, 2, 1, 1], NOTHING]);
    },
    MINUTE,
  );

  test(
    "a movie is filed as its frames",
    async () => {
      expect(await names("movie")).toEqual(["frame_0001.exr", "frame_0002.exr"]);
    },
    MINUTE,
  );

  test(
    "a stereo scene files a picture for each eye",
    async () => {
      expect(await names("stereo")).toEqual(["frame_0001_L.exr", "frame_0001_R.exr"]);
      const { progress } = await farm.api.job(ids.stereo);
      expect([progress.frames, progress.framesDone]).toEqual([1, 1]);
      for (const file of await names("stereo")) expect((await picture("stereo", file)).width).toBe(64);
    },
    MINUTE,
  );

  test(
    "a border that crops gives frames of the border's size",
    async () => {
      const { width, height } = await picture("border");
      expect([width, height]).toEqual([32, 18]);
    },
    MINUTE,
  );
});
