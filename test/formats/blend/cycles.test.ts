import { expect, test } from "bun:test";
import { readBlend } from "#formats/blend/read.ts";
import { chunksOf } from "../../support/blend-bytes.ts";
import { type BlendWriter, FORMAT_3_4 } from "../../support/blend-writer.ts";
import { smallScene } from "../../support/small-scene.ts";

const GROUP = 6;
const INT = 1;

test.each([
  [279, { samples: 10, denoising: false }],
  [283, { samples: 128, denoising: false }],
  [293, { samples: 128, denoising: false }],
  [300, { samples: 4096, denoising: true }],
  [405, { samples: 4096, denoising: true }],
])("what nobody set is as Blender %d has it", async (version, cycles) => {
  expect(await cyclesOf(smallScene({}, { ...FORMAT_3_4, version }))).toEqual(cycles);
});

test("what was set is read from the scene's properties, among other groups", async () => {
  const writer = smallScene({ "id.properties": 0x100n })
    .struct("DATA", 0x100n, "IDProperty", { type: GROUP, "data.group.first": 0x101n })
    .struct("DATA", 0x101n, "IDProperty", { type: GROUP, name: "other", next: 0x102n })
    .struct("DATA", 0x102n, "IDProperty", { type: GROUP, name: "cycles", "data.group.first": 0x103n })
    .struct("DATA", 0x103n, "IDProperty", { type: INT, name: "samples", "data.val": 33, next: 0x104n })
    .struct("DATA", 0x104n, "IDProperty", { type: INT, name: "use_denoising", "data.val": 0 });
  expect(await cyclesOf(writer)).toEqual({ samples: 33, denoising: false });
});

test("a property of another kind under the same name is not taken for the setting", async () => {
  const writer = smallScene({ "id.properties": 0x100n })
    .struct("DATA", 0x100n, "IDProperty", { type: GROUP, "data.group.first": 0x101n })
    .struct("DATA", 0x101n, "IDProperty", { type: INT, name: "cycles" });
  expect(await cyclesOf(writer)).toEqual({ samples: 4096, denoising: true });
});

async function cyclesOf(writer: BlendWriter) {
  return (await readBlend(chunksOf(writer.finish()))).file.scenes[0]?.cycles;
}
