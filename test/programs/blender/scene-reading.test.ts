import { expect, test } from "bun:test";
import { SceneCollector } from "#programs/blender/scene-reading.ts";

const end = { type: "read", blenderVersion: "3.4.1", savedVersion: "2.79", activeScene: "Scene", blockedScript: null };

test("a reading is there when the script has come to its end", () => {
  const collector = new SceneCollector();
  collector.event({ type: "scene", name: "Scene", engine: "CYCLES", cameras: ["A", 7], color: { view: "Filmic" } });
  collector.event({ type: "text", name: "rig_ui.py", register: true });
  collector.event({ type: "unbaked_physics", name: 'cloth of "Flag"' });
  collector.event({
    type: "file",
    kind: "image",
    name: "wood",
    path: "//wood.png",
    packed: false,
    missing: true,
    nearMatch: null,
  });
  expect(collector.reading()).toBeNull();
  collector.event(end);
  expect(collector.reading()).toMatchObject({
    savedVersion: "2.79",
    scenes: [
      { name: "Scene", cameras: ["A"], samples: null, resolutionPercentage: 100, color: { view: "Filmic", gamma: 1 } },
    ],
    texts: [{ name: "rig_ui.py", register: true }],
    unbakedPhysics: ['cloth of "Flag"'],
    files: [{ path: "//wood.png", missing: true }],
  });
});

test("a scene whose engine is missing keeps the engine's name", () => {
  const collector = new SceneCollector();
  collector.line(
    "Error: Engine 'LUXCORE' not available for scene 'Scene' (an add-on may need to be installed or enabled)",
  );
  collector.event({ type: "scene", name: "Scene", engine: "BLENDER_EEVEE", samples: 64 });
  collector.event({ type: "scene", name: "Other", engine: "BLENDER_EEVEE", samples: 64 });
  collector.event(end);
  const reading = collector.reading();
  expect(reading?.scenes.map(({ engine, samples }) => [engine, samples])).toEqual([
    ["LUXCORE", null],
    ["BLENDER_EEVEE", 64],
  ]);
  expect(reading?.missingEngines).toEqual([{ scene: "Scene", engine: "LUXCORE" }]);
});

test("what is no event is ignored", () => {
  const collector = new SceneCollector();
  for (const event of [null, 3, [], {}, { type: "surprise" }]) collector.event(event);
  expect(collector.reading()).toBeNull();
});
