import { expect, test } from "bun:test";
import { findProgram } from "#programs/find-program.ts";

test("a program is found by name on PATH, or by its path", () => {
  expect(findProgram("sh", "/nowhere:/bin")).toBe("/bin/sh");
  expect(findProgram("/bin/sh", "")).toBe("/bin/sh");
});

test("what is not there, is no file or may not be run is no program", () => {
  expect(findProgram("sh", "/nowhere")).toBeNull();
  for (const path of ["/bin/no-such-program", "/etc/passwd", "/etc/"]) expect(findProgram(path)).toBeNull();
});
