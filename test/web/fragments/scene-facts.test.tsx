import { describe, expect, test } from "bun:test";
import type { NeededFile, SceneMetadata } from "#domain/scene.ts";
import { SceneFacts } from "#web/fragments/scene-facts.tsx";
import { aMetadata, aScene } from "../../support/metadata.ts";
import { aJob } from "../support/fixtures.ts";
import { find, textOf } from "../support/parse.ts";

const show = (metadata: SceneMetadata, change: Parameters<typeof aJob>[0] = {}, thumbnail: string | null = null) =>
  String(<SceneFacts job={aJob(change)} reading={{ state: "read", metadata }} thumbnail={thumbnail} />);

const missing = (path: string, change: Partial<NeededFile> = {}): NeededFile => ({
  ...{ kind: "image", name: path, path, packed: false, missing: true, nearMatch: null },
  ...change,
});

describe("the facts of a scene", () => {
  test("are those that an artist looks for first", () => {
    const text = textOf(show(aMetadata()));
    for (const fact of ["Frames 1-4", "Size 64 × 36", "24 fps", "Cycles", "Samples 4", "Camera Camera", "Blender 3.4"])
      expect(text).toContain(fact);
  });

  test("are of the scene and at the percentage that the job asks for", () => {
    const other = aScene({ name: "Other", resolutionX: 1000, resolutionY: 500 });
    const metadata = aMetadata({ scenes: [aScene(), other] });
    expect(textOf(show(metadata, { scene: "Other", resolutionPercentage: 50 }))).toContain("500 × 250 (50 %)");
  });

  test("say a frame rate as it is called", () => {
    const metadata = aMetadata({ scenes: [aScene({ fps: 30, fpsBase: 1.001 })] });
    expect(textOf(show(metadata))).toContain("29.97 fps");
  });

  test("say that there is no camera, or that markers switch it", () => {
    const markers = [{ frame: 1, camera: "A" }];
    expect(textOf(show(aMetadata({ scenes: [aScene({ camera: null })] })))).toContain("Camera none");
    expect(textOf(show(aMetadata({ scenes: [aScene({ cameraMarkers: markers })] })))).toContain("switched by 1 marker");
  });
});

describe("the missing files of a scene", () => {
  test("are named, but not those that are packed or there", () => {
    const files = [missing("//a.png"), missing("//b.png", { packed: true }), missing("//c.png", { missing: false })];
    const text = textOf(show(aMetadata({ files })));
    expect(text).toContain("1 missing file //a.png image");
    expect(text).not.toContain("//b.png");
  });

  test("are counted where there are many", () => {
    const files = Array.from({ length: 40 }, (_, i) => missing(`//${i}.png`));
    expect(textOf(show(aMetadata({ files })))).toContain("and 28 more");
  });
});

test("the thumbnail is shown only where the file has one", () => {
  expect(find(show(aMetadata({ hasThumbnail: true }), {}, "/thumbnail"), "img")).toHaveLength(1);
  expect(find(show(aMetadata({ hasThumbnail: false }), {}, "/thumbnail"), "img")).toHaveLength(0);
});

test("a scene whose name is not in the file still shows the file", () => {
  expect(textOf(show(aMetadata(), { scene: "gone" }))).toContain("File scene.blend");
});
