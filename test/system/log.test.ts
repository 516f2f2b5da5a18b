import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog, type Log } from "#system/log.ts";

let folder: string;
let file: string;
let log: Log;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jiggablend-test-"));
  file = join(folder, "logs/farm.log");
  mkdirSync(join(folder, "logs"));
  log = openLog({ file, level: "info" });
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

const lines = (path = file): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

test("a line has its time, its level and its fields, and stays one line whatever stands in them", () => {
  log.with({ job: 7 }).warn("two\nlines", { name: 'a "b" c', nothing: null, frame: 3 });
  expect(lines()).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn  two ⏎ lines job=7 name="a \\"b\\" c" frame=3$/),
  ]);
});

test("what is below the level is left out", () => {
  log.debug("small");
  expect(lines()).toEqual([]);
});

test("opened anew it goes on in a new file, and the old one is whole", () => {
  log.info("before");
  renameSync(file, `${file}.1`);
  log.info("between");
  log.reopen();
  log.info("after");
  expect([lines(`${file}.1`).length, lines().length]).toEqual([2, 1]);
});

test("a file that is cut goes on from its beginning", () => {
  log.info("before");
  truncateSync(file);
  log.info("after");
  expect(readFileSync(file, "utf8")).not.toContain("\0");
  expect(lines()).toHaveLength(1);
});

test("where it cannot be opened anew it goes on in the old file, and says so", () => {
  renameSync(join(folder, "logs"), join(folder, "elsewhere"));
  log.reopen();
  log.info("still here");
  expect(lines(join(folder, "elsewhere/farm.log"))).toEqual([
    expect.stringContaining("the log file cannot be opened anew"),
    expect.stringContaining("still here"),
  ]);
});
