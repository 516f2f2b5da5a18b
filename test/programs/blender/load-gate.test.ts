import { expect, test } from "bun:test";
import { LoadGate } from "#programs/blender/load-gate.ts";

test("events wait for the markers of both outputs", async () => {
  const gate = new LoadGate();
  let passed = false;
  const passing = gate.pass().then(() => {
    passed = true;
  });
  expect(gate.isMarker("Read blend: a.blend")).toBe(false);
  expect(gate.isMarker(gate.marker)).toBe(true);
  await Promise.resolve();
  expect(passed).toBe(false);
  expect(gate.isMarker(gate.marker)).toBe(true);
  await passing;
  await gate.pass();
});

test("no file can guess the marker", () => {
  expect(new LoadGate().isMarker(new LoadGate().marker)).toBe(false);
});
