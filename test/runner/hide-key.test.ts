import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const KEY = "jk_r0_secret_secret_secret";

test("a key given as argument and as variable is nowhere in /proc any more, and not passed on", async () => {
  const script = join(import.meta.dir, "fixtures/hide-key.ts");
  await using runner = Bun.spawn([process.execPath, script, KEY], {
    env: { PATH: process.env["PATH"], JIGGABLEND_API_KEY: KEY },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  for await (const piece of runner.stdout) {
    said += Buffer.from(piece).toString();
    break;
  }
  const shown = await Promise.all(
    ["cmdline", "environ"].map((file) => readFile(`/proc/${runner.pid}/${file}`, "latin1")),
  );
  await runner.stdin.end();
  await runner.exited;
  expect(JSON.parse(said)).toEqual({ hidden: true, stillKnown: KEY, inherited: false });
  expect(shown[0]).toContain("hide-key.ts");
  expect(shown.join()).not.toContain("secret");
});
