import { describe, expect, test } from "bun:test";
import { type FileStatus, locateFiles, missingFiles } from "#formats/blend/missing-files.ts";
import type { NeededFile, NeededFileShape } from "#formats/blend/needed-file.ts";

const PROJECT = [
  "scene/shot.blend",
  "tex/wood.png",
  "tex/cloth.png",
  "tex/Épée.png",
  "seq/smoke_0007.exr",
  "tiles/skin.1002.png",
  "tiles/grid.u2_v1.png",
  "scene/cache/mesh/0001.vdb",
  "scene/blendcache_shot/a.bphys",
  "lib/props.blend",
];

describe("a file is found where the .blend says", () => {
  test.each([
    ["//../tex/wood.png", "tex/wood.png"],
    ["//..\\tex\\wood.png", "tex/wood.png"],
    ["//./../scene/../tex/wood.png", "tex/wood.png"],
    ["//shot.blend", "scene/shot.blend"],
  ])("%s", (path, found) => {
    expect(locate(path)).toEqual({ status: "present", path: found });
  });
});

describe("a file is found elsewhere by its name, as Blender's repair does", () => {
  test.each([
    ["/home/artist/wood.png", "tex/wood.png"],
    ["C:\\Users\\artist\\Desktop\\wood.png", "tex/wood.png"],
    ["//wood.png", "tex/wood.png"],
    ["//../../outside/props.blend", "lib/props.blend"],
    ["textures/wood.png", "tex/wood.png"],
    ["//../TEX/wood.png", "tex/wood.png"],
  ])("%s", (path, found) => {
    expect(locate(path)).toEqual({ status: "elsewhere", path: found });
  });
});

describe("a file that is there under a name that Linux tells apart is a near match", () => {
  test.each([
    ["//../tex/Cloth.PNG", "tex/cloth.png"],
    ["D:\\art\\CLOTH.png", "tex/cloth.png"],
    ["//../tex/Épée.png".normalize("NFD"), "tex/Épée.png"],
  ])("%s", (path, found) => {
    expect(locate(path)).toEqual({ status: "near_match", path: found });
  });
});

test("a file of which nothing is there is missing", () => {
  expect(locate("//../tex/glass.png")).toEqual({ status: "missing", path: null });
  expect(locate("//")).toEqual({ status: "missing", path: null });
});

describe("a sequence", () => {
  test("is there if any of its frames is", () => {
    expect(locate("//../seq/smoke_0001.exr", "sequence")).toEqual({ status: "present", path: "seq/smoke_0007.exr" });
    expect(locate("//../seq/smoke_####.exr", "sequence")).toEqual({ status: "present", path: "seq/smoke_0007.exr" });
  });

  test("is found elsewhere only by the very frame that the .blend names, which is what Blender looks for", () => {
    expect(locate("/x/smoke_0007.exr", "sequence").status).toBe("elsewhere");
    expect(locate("/x/smoke_0001.exr", "sequence")).toEqual({ status: "near_match", path: "seq/smoke_0007.exr" });
  });

  test("of another name is missing", () => {
    expect(locate("//../seq/fire_0007.exr", "sequence").status).toBe("missing");
  });
});

describe("tiles are there if one of them is", () => {
  test.each<[string, FileStatus, string | null]>([
    ["//../tiles/skin.<UDIM>.png", "present", "tiles/skin.1002.png"],
    ["//../tiles/skin.1001.png", "present", "tiles/skin.1002.png"],
    ["/x/skin.<UDIM>.png", "elsewhere", "tiles/skin.1002.png"],
    ["//../tiles/Skin.<UDIM>.png", "near_match", "tiles/skin.1002.png"],
    ["//../tiles/hair.<UDIM>.png", "missing", null],
  ])("%s is %s", (path, status, found) => {
    expect(locate(path, "tiles")).toEqual({ status, path: found });
  });
});

describe("a folder", () => {
  test("is there if something is in it", () => {
    expect(locate("//cache/mesh/", "folder")).toEqual({ status: "present", path: "scene/cache/mesh" });
    expect(locate("//cache", "folder").status).toBe("present");
  });

  test("in another place is not what Blender would find", () => {
    expect(locate("C:\\tmp\\mesh\\", "folder")).toEqual({ status: "near_match", path: "scene/cache/mesh" });
  });

  test("for point caches has the name of the .blend", () => {
    expect(locate("//blendcache_", "disk_cache")).toEqual({ status: "present", path: "scene/blendcache_shot" });
    const [renamed] = locateFiles([needed("//blendcache_", "disk_cache")], PROJECT, "scene/final.blend");
    expect(renamed?.status).toBe("missing");
  });
});

test("what is packed is never missing, and what is missing comes with what was probably meant", () => {
  const packed = { ...needed("//gone.png"), packed: true };
  const mistyped = needed("//../tex/Wood.png");
  const gone = needed("//gone.png");
  expect(missingFiles([packed, mistyped, gone, needed("//../tex/wood.png")], PROJECT, "scene/shot.blend")).toEqual([
    { file: mistyped, nearMatch: "tex/wood.png" },
    { file: gone, nearMatch: null },
  ]);
});

function locate(path: string, shape: NeededFileShape = "file") {
  const [located] = locateFiles([needed(path, shape)], PROJECT, "scene/shot.blend");
  return { status: located?.status, path: located?.path };
}

function needed(path: string, shape: NeededFileShape = "file"): NeededFile {
  return { kind: "image", shape, path, relative: path.startsWith("//"), packed: false, idCode: "IM", idName: "x" };
}
