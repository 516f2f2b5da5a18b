import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILL_DISK = join(import.meta.dir, "../manager/storage/support/fill-disk.ts");

/** The small disk is a tmpfs that bubblewrap makes; where it cannot, as in a chroot, this is left out and counted. */
const canMakeDisks = Bun.spawnSync(["bwrap", "--dev-bind", "/", "/", "true"]).exitCode === 0;

test.skipIf(!canMakeDisks)(
  "on a full disk uploads, contexts and logs fail with disk_full, leave nothing, and go on when there is space",
  async () => {
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
  },
);
