import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "#system/lock-file.ts";

test("one process has it at a time, and may give it free", () => {
  const folder = mkdtempSync(join(tmpdir(), "jiggablend-test-"));
  const path = join(folder, "lock");
  const free = takeLock(path);
  expect(free).not.toBeNull();
  expect(takeLock(path)).toBeNull();
  free!();
  const again = takeLock(path);
  expect(again).not.toBeNull();
  again!();
  rmSync(folder, { recursive: true });
});
