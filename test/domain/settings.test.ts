import { expect, test } from "bun:test";
import { isSetting, parseSetting } from "#domain/settings.ts";

test("sizes are read as people write them", () => {
  expect(
    ["50GB", "500mb", "1024", "1.5GB"].map((text) => attempt(() => parseSetting("max-upload-size", text))),
  ).toEqual(["50000000000", "500000000", "1024", 'max-upload-size takes a size such as 50GB or 500MB, not "1.5GB".']);
});

test("numbers have their bounds", () => {
  expect(attempt(() => parseSetting("frames-per-render-task", "0"))).toContain("a whole number from 1 to 1000");
  expect(parseSetting("frames-per-render-task", "010")).toBe("10");
});

test("switches are on or off", () => {
  expect(parseSetting("localauth", "on")).toBe("on");
  expect(attempt(() => parseSetting("localauth", "yes"))).toContain("takes on or off");
});

test("a setting of another name is none, whatever objects have", () => {
  expect(isSetting("localauth")).toBe(true);
  expect(isSetting("toString")).toBe(false);
});

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
}
