import { expect, test } from "bun:test";
import { compareVersions, isMeantBy, newestFirst, parseVersion, seriesOf } from "#domain/blender-version.ts";

test("versions are ordered by number, not by text", () => {
  const sorted = ["4.10.0", "4.9.1", "2.83"].map((text) => parseVersion(text)!).sort(compareVersions);
  expect(sorted.map(({ major, minor }) => `${major}.${minor}`)).toEqual(["2.83", "4.9", "4.10"]);
  expect(["4.9.1", "4.10.0", "2.83.20"].sort(newestFirst)).toEqual(["4.10.0", "4.9.1", "2.83.20"]);
});

test("what is no version is none", () => {
  expect(["", "4", "4.x", "4.3.2.1", "v4.3"].map(parseVersion)).toEqual([null, null, null, null, null]);
});

test("a wish of two numbers means a whole series, one of three a single version", () => {
  expect(seriesOf("4.3.2")).toBe("4.3");
  expect([isMeantBy("4.3.2", "4.3"), isMeantBy("4.3.2", "4.3.2"), isMeantBy("4.3.2", "4.3.1")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isMeantBy("4.30.2", "4.3")).toBe(false);
});
