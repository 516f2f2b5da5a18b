import { expect, test } from "bun:test";
import { placeFile } from "#domain/place-file.ts";

test.each<[string, string[], string | null]>([
  ["wood.png", ["tex/wood.png"], "tex/wood.png"],
  ["WOOD.PNG", ["tex/wood.png"], "tex/wood.png"],
  ["caf\u00e9.png", ["tex/cafe\u0301.png"], "tex/cafe\u0301.png"],
  ["stone.png", ["tex/wood.png"], null],
  ["b/diffuse.png", ["a/diffuse.png", "b/diffuse.png"], "b/diffuse.png"],
  ["project/b/diffuse.png", ["x/a/diffuse.png", "x/b/diffuse.png"], "x/b/diffuse.png"],
  ["diffuse.png", ["a/diffuse.png", "b/diffuse.png"], "a/diffuse.png"],
  ["frame_0007.png", ["seq/frame_0001.png"], "seq/frame_0007.png"],
  ["skin.1002.exr", ["tex/skin.<UDIM>.exr"], "tex/skin.1002.exr"],
  ["other_0007.png", ["seq/frame_0001.png"], null],
  ["plain.png", ["tex/other.png"], null],
])("%s goes where it is waited for: %p", (path, waiting, place) => {
  expect(placeFile(path, waiting)).toBe(place);
});
