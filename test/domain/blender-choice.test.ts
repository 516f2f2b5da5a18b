import { describe, expect, test } from "bun:test";
import { chooseBlender, tellChoice, tellNoChoice, warnOfChoice } from "#domain/blender-choice.ts";

const available = ["2.83.5", "3.4.1", "3.6.2", "3.6.9", "4.3.2", "5.2.2"];

const wish = (file: string | null, asked: string | null = null, pinned: string | null = null) => ({
  file,
  asked,
  pinned,
});

describe("the Blender for a file is", () => {
  test.each([
    ["of its own version, the newest patch", wish("3.6"), "3.6.9", "same"],
    ["the nearest newer one of its major version", wish("3.5"), "3.6.9", "newer"],
    ["the nearest of a later major version where its own has nothing newer", wish("4.4"), "5.2.2", "newer_major"],
    ["what the user asked for", wish("3.6", "4.3.2"), "4.3.2", "asked"],
    ["the newest patch of the series that the user asked for", wish("2.83", "3.6"), "3.6.9", "asked"],
    ["an older one at the user's word", wish("5.2", "3.4"), "3.4.1", "asked"],
    ["the farm's default where the user asks for nothing", wish("3.4", null, "4.3"), "4.3.2", "pinned"],
    ["what the user asked for before the farm's default", wish("3.4", "3.6", "4.3"), "3.6.9", "asked"],
    ["its own where the farm's default is older", wish("4.3", null, "3.6"), "4.3.2", "same"],
    ["its own where the farm's default is not at hand", wish("3.4", null, "4.1"), "3.4.1", "same"],
  ] as const)("%s", (_, asks, version, kind) => {
    expect(chooseBlender(available, asks)).toEqual({ version, kind });
  });

  test("never an older one without the user's word", () => {
    expect(chooseBlender(available, wish("5.3"))).toBeNull();
    expect(chooseBlender([], wish("3.4"))).toBeNull();
  });

  test("never another than the one asked for", () => {
    expect(chooseBlender(available, wish("3.4", "4.0"))).toBeNull();
    expect(chooseBlender(available, wish("3.4", "3.6.4"))).toBeNull();
  });

  test("none while nobody knows what saved the file", () => {
    expect(chooseBlender(available, wish(null))).toBeNull();
  });
});

describe("a choice is told", () => {
  test.each([
    [wish("3.6"), "Blender 3.6.9, the newest 3.6 here; the file was saved by 3.6.", null],
    [wish("3.5"), "Blender 3.6.9, the nearest newer one here; the file was saved by 3.5.", /small differences/],
    [wish("4.4"), "Blender 5.2.2, the nearest newer one here; the file was saved by 4.4.", /another major version/],
    [wish("5.2", "3.4"), "Blender 3.4.1, as the job asks.", /an older one: it may refuse the file/],
    [wish("3.4", null, "4.3"), "Blender 4.3.2, the farm's default.", /another major version/],
  ] as const)("%#", (asks, sentence, warning) => {
    const choice = chooseBlender(available, asks)!;
    expect(tellChoice(choice, asks)).toBe(sentence);
    if (warning === null) expect(warnOfChoice(choice, asks)).toBeNull();
    else expect(warnOfChoice(choice, asks)).toMatch(warning);
  });

  test("and where there is none, what there is and that the job starts by itself", () => {
    expect(tellNoChoice(["3.4.1", "4.3.2"], wish("5.0"))).toBe(
      "The file was saved by Blender 5.0, and only that version or a newer one may open it. The farm has 4.3.2, 3.4.1 now; the job starts by itself once one is there.",
    );
    expect(tellNoChoice([], wish("3.4", "3.6"))).toMatch(/asks for Blender 3.6. The farm has none at all now/);
  });
});
