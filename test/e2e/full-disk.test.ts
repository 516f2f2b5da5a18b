import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { refusalOf } from "../support/api.ts";
import { logged } from "../support/daemon.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/program.ts";
import { scenes } from "../support/scenes.ts";
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from "../support/small-disk.ts";
import { until } from "../support/until.ts";

/** Disks that are full, the manager's and a runner's. */
const PATIENCE = 180_000;
const MEGABYTE = 1_000_000;

let folder: TemporaryFolder;
let farm: Farm;
let disk: SmallDisk;

describe.skipIf(NO_SMALL_DISK !== null)(`a full disk (${NO_SMALL_DISK ?? "mounted for the test"})`, () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    disk = mountSmallDisk(join(folder.path, "disk"), 24);
    farm = await startFarm({ storage: join(disk.path, "storage") });
  }, PATIENCE);

  afterAll(async () => {
    await farm?.stop();
    disk?.unmount();
    folder?.remove();
  }, PATIENCE);

  test(
    "of the manager refuses an upload, which may come again later, and keeps nothing of it",
    async () => {
      const job = await farm.api.createJob();
      const content = new Uint8Array(40 * MEGABYTE).fill(1);
      content.set(new TextEncoder().encode("BLENDER-v304"));
      const form = new FormData();
      form.append("file", new Blob([content]), "large.blend");
      for (const send of [
        () => farm.api.upload(job.id, "large.blend", content),
        () => farm.api.upload(job.id, "large.blend", new Blob([content]).stream()),
        () => farm.api.call("POST", `/api/jobs/${job.id}/upload`, form),
      ]) {
        const answer = await send();
        expect(answer.headers.get("retry-after")).not.toBeNull();
        expect(await refusalOf(answer)).toMatchObject({ status: 507, code: "disk_full" });
        await until("nothing of the upload is left", () => farm.received().length === 0, { describe: farm.received });
      }
    },
    PATIENCE,
  );

  test(
    "of the manager costs no frame: the runner keeps it until there is space",
    async () => {
      const id = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1" });
      await farm.api.untilJob(id, "queued");
      await until("the scene is read", () => farm.received().every((name) => !name.startsWith("temp/")));
      disk.fill();
      const runner = await farm.startRunner({ flags: ["--verbose"] });
      const outbox = () => readdirSync(join(runner.workspace, "outbox"));
      await until("a frame waits for space", () => outbox().length > 0, { seconds: 60, describe: runner.log });
      await logged(runner, /disk is full/, 30);
      expect((await farm.api.job(id)).status).toBe("running");
      disk.free();
      await farm.api.untilJob(id, "completed");
      const [task] = await farm.api.tasks(id);
      expect(task!.attempts.map(({ outcome }) => outcome)).toEqual(["completed"]);
      await until("the runner forgets the frame", () => outbox().length === 0, { describe: outbox });
      await runner.kill();
    },
    PATIENCE,
  );

  test(
    "of a runner is told as what it is",
    async () => {
      const small = mountSmallDisk(join(folder.path, "runner"), 8);
      try {
        const runner = await farm.startRunner({ name: "small", workspace: join(small.path, "workspace") });
        small.fill();
        const id = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1" });
        const job = await farm.api.untilJob(id, "failed", 90);
        expect(job.reason).toBe("disk_full");
        expect((await farm.api.tasks(id))[0]).toMatchObject({ failures: 3 });
        await runner.kill();
      } finally {
        small.unmount();
      }
    },
    PATIENCE,
  );
});
