import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findBlenders } from "#programs/blender/find.ts";
import { parseVersionLine } from "#programs/blender/version.ts";
import { run } from "../fixtures/door.ts";

let root: string;

/** A Blender is whatever answers like one; Debian's and others are started by a shell script. */
function install(path: string, answer: string): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, `#!/bin/sh\n${answer}\n`);
  chmodSync(whole, 0o755);
  return whole;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "blenders-"));
  install("bin/blender", "echo 'found bundled python'; echo 'Blender 3.4.1'; echo 'Blender 3.4.1'");
  install("versions/5.2.2/blender-5.2.2-linux-x64/blender", "echo 'Blender 5.2.2 LTS'");
  install("versions/4.3/blender", "echo 'Blender 4.3'");
  install("broken/blender", "echo 'blender: error while loading shared libraries' >&2; exit 127");
  install("mixer/blender", "echo 'Kitchen blender 7'");
  symlinkSync(join(root, "bin/blender"), join(root, "same"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("Blenders are found on PATH and in folders, each once, newest first", async () => {
  const places = {
    paths: [join(root, "versions"), join(root, "same"), join(root, "nowhere")],
    searchPath: `${root}/bin:/nowhere`,
  };
  expect(await findBlenders(places, run)).toEqual([
    { path: join(root, "versions/5.2.2/blender-5.2.2-linux-x64/blender"), version: "5.2.2" },
    { path: join(root, "versions/4.3/blender"), version: "4.3.0" },
    { path: join(root, "same"), version: "3.4.1" },
  ]);
});

test("what does not tell a version is no Blender", async () => {
  expect(await findBlenders({ paths: [join(root, "broken"), join(root, "mixer")], searchPath: "" }, run)).toEqual([]);
});

test("a version stands on a line of its own", () => {
  expect(parseVersionLine("Blender 4.5.12 LTS")).toBe("4.5.12");
  for (const line of ["Read blend: Blender 3.4.1", "Blender", "Blender quit", "blender 3.4"])
    expect(parseVersionLine(line)).toBeNull();
});
