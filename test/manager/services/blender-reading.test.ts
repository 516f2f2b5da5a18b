import { expect, test } from "bun:test";
import { setJobContext, setJobMetadata } from "#manager/db/jobs.ts";
import { readWithBlenderLater } from "#manager/services/blender-reading.ts";
import { createJob, warningsOf } from "#manager/services/jobs.ts";
import { addTestUser, memoryFarm } from "../../support/memory-farm.ts";
import { aMetadata } from "../../support/metadata.ts";

test.each([
  [1, ["not_checked"]],
  [2, []],
])("Blender's reading of version 1 of a project says of version %d: %j", async (versionThen, told) => {
  await using farm = await memoryFarm({ readWithBlender: () => Promise.reject(new Error("Blender ended with 1")) });
  const job = await createJob(farm, { id: addTestUser(farm, "ann@x"), admin: false } as never, { name: "Castle" });
  setJobContext(farm.db, job.id, { version: 1, size: 1, sha256: "00" });
  setJobMetadata(farm.db, job.id, aMetadata({ final: false }));
  readWithBlenderLater(farm, job.id, aMetadata());
  setJobContext(farm.db, job.id, { version: versionThen, size: 1, sha256: "01" });
  await farm.background.settled();
  expect(warningsOf(farm, job.id).map(({ code }): string => code)).toEqual(told);
});
