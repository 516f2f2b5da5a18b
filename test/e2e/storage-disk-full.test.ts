import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILL_DISK = join(import.meta.dir, "../manager/storage/support/fill-disk.ts");

test("on a full disk uploads, contexts and logs fail with disk_full, leave nothing, and go on when there is space", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jiggablend-full-"));
  try {
    const disk = ["--dev-bind", "/", "/", "--size", "5000000", "--tmpfs", folder];
    const run = Bun.spawn(["bwrap", ...disk, process.execPath, FILL_DISK, folder], { stderr: "inherit" });
    expect(await new Response(run.stdout).json()).toEqual({
      tooMuch: "disk_full",
      leftOfUpload: [],
      context: "disk_full",
      log: "disk_full",
      leftAtTheEnd: ["uploads/1"],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
