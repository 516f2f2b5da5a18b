import { describe, expect, test } from "bun:test";
import { chooseBlender, compareVersions, parseVersion } from "#domain/blender-version.ts";

const available = ["2.83.5", "3.4.1", "3.6.2", "3.6.9", "4.3.2", "5.2.2"];

describe("the Blender for a file is", () => {
  test.each([
    ["of its own version, the newest patch", "3.6", null, "3.6.9", "same"],
    ["the nearest newer one where its own is not there", "3.5", null, "3.6.9", "newer"],
    ["one of a later major version where there is nothing nearer", "4.4", null, "5.2.2", "newer"],
    ["what the user asked for", "3.6", "4.3.2", "4.3.2", "asked"],
    ["the newest patch of what the user asked for", "2.83", "3.6", "3.6.9", "asked"],
  ])("%s", (_, file, asked, version, kind) => {
    expect(chooseBlender(available, file, asked)).toEqual({ version, kind } as never);
  });

  test("never an older one", () => {
    expect(chooseBlender(available, "5.3", null)).toBeNull();
    expect(chooseBlender([], "3.4", null)).toBeNull();
  });

  test("never another than the one asked for", () => {
    expect(chooseBlender(available, "3.4", "4.0")).toBeNull();
  });
});

test("versions are ordered by number, not by text", () => {
  const sorted = ["4.10.0", "4.9.1", "2.83"].map((text) => parseVersion(text)!).sort(compareVersions);
  expect(sorted.map(({ major, minor }) => `${major}.${minor}`)).toEqual(["2.83", "4.9", "4.10"]);
});

test("what is no version is none", () => {
  expect(["", "4", "4.x", "4.3.2.1", "v4.3"].map(parseVersion)).toEqual([null, null, null, null, null]);
});
