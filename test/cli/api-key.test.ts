import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_KEY_FLAGS, apiKeyOf } from "#cli/api-key.ts";
import { readFlags } from "#cli/flags.ts";

const keyOf = (options: Record<string, unknown>, env: Record<string, string> = {}): string =>
  apiKeyOf(readFlags(API_KEY_FLAGS, options, env));

test("the key comes from a flag, from a variable, or from a file without its line's end", () => {
  const folder = mkdtempSync(join(tmpdir(), "jiggablend-test-"));
  const file = join(folder, "key");
  writeFileSync(file, "jk_r0_secret\n");
  expect(keyOf({ apiKey: "jk_r0_flag" })).toBe("jk_r0_flag");
  expect(keyOf({}, { JIGGABLEND_API_KEY: "jk_r0_variable" })).toBe("jk_r0_variable");
  expect(keyOf({ apiKeyFile: file })).toBe("jk_r0_secret");
  expect(keyOf({}, { JIGGABLEND_API_KEY_FILE: file })).toBe("jk_r0_secret");
  rmSync(folder, { recursive: true });
});

test("none, two, an empty file and one that is not there are refused with a sentence", () => {
  expect(() => keyOf({})).toThrow(
    "--api-key is the key that the farm gave for its runners; --api-key-file reads it (or JIGGABLEND_API_KEY).",
  );
  expect(() => keyOf({ apiKey: "a", apiKeyFile: "b" })).toThrow("Give --api-key or --api-key-file, not both.");
  expect(() => keyOf({ apiKeyFile: "/dev/null" })).toThrow("/dev/null is empty; it holds the API key.");
  expect(() => keyOf({ apiKeyFile: "/nowhere/key" })).toThrow(
    "The file of the API key, /nowhere/key, cannot be read (ENOENT).",
  );
});
