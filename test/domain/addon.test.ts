import { expect, test } from "bun:test";
import { warnOfAddons } from "#domain/addon.ts";

const blender = { version: "4.3.2", addons: ["cycles", "rigify"] };

test.each([
  [[], null],
  [["rigify"], null],
  [["riggify"], "Blender 4.3.2 does not come with the add-on riggify; a runner that renders with it will fail."],
  [["a", "cycles", "b"], "Blender 4.3.2 does not come with the add-ons a, b; a runner that renders with it will fail."],
])("of the add-ons %p it is told %p", (wanted, told) => {
  expect(warnOfAddons(wanted, blender)).toBe(told);
});
