import { join } from "node:path";
import type { SceneMetadata } from "#domain/scene.ts";
import { addWarnings } from "#manager/db/job-warnings.ts";
import { getJob, getJobMetadata, setJobMetadata } from "#manager/db/jobs.ts";
import { unpackContext } from "#manager/storage/context-unpack.ts";
import { contextPath } from "#manager/storage/layout.ts";
import { makeTempFolder } from "#manager/storage/temp-folder.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import type { BlenderReading } from "./scene-tools.ts";
import { projectLimits } from "./settings.ts";
import { judgeDraft } from "./starting.ts";

/** All readings share one key of the lock: Blender may take gigabytes, so there is never more than one. */
const ONE_AT_A_TIME = 0;

/**
 * Lets Blender itself read a job's scene in the background. To a draft its reading is the truth; once the job has started it only adds
 * warnings. Where it fails, our own reading stands, and a warning says so.
 */
export function readWithBlenderLater(farm: Farm, jobId: number, metadata: SceneMetadata): void {
  if (!farm.tools.readWithBlender) return;
  const version = getJob(farm.db, jobId)?.contextVersion;
  const isCurrent = (): boolean => getJob(farm.db, jobId)?.contextVersion === version;
  farm.background.add(farm.blenderReading.run(ONE_AT_A_TIME, () => readOnce(farm, jobId, metadata, isCurrent)));
}

/** A project to which files were added meanwhile has a reading of its own to come; this one would tell of what is no longer so. */
async function readOnce(farm: Farm, jobId: number, metadata: SceneMetadata, isCurrent: () => boolean): Promise<void> {
  if (farm.stopping.aborted || !isCurrent()) return;
  const reading = await read(farm, jobId, metadata);
  await farm.commit.write(() => {
    const job = getJob(farm.db, jobId);
    const known = getJobMetadata(farm.db, jobId);
    if (!job || !known || known.source === "blender" || !isCurrent()) return;
    tellOf(farm, { type: "job", jobId });
    if (job.status !== "draft") {
      setJobMetadata(farm.db, jobId, { ...known, final: true });
      return addWarnings(farm.db, jobId, reading.warnings);
    }
    setJobMetadata(farm.db, jobId, { ...reading.metadata, final: true });
    judgeDraft(farm, jobId, reading.metadata);
    addWarnings(farm.db, jobId, reading.warnings);
  });
}

async function read(farm: Farm, jobId: number, metadata: SceneMetadata): Promise<BlenderReading> {
  try {
    await using folder = await makeTempFolder(farm.storage);
    const project = join(folder.path, "project");
    await unpackContext(contextPath(farm.storage, jobId), project, projectLimits(farm));
    return await farm.tools.readWithBlender!(
      { folder: project, home: join(folder.path, "home"), metadata },
      farm.stopping,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    farm.log.warn("Blender could not read a scene", { job: jobId, error: message });
    return {
      metadata,
      warnings: [{ code: "not_checked", message: `Blender on the manager could not read the scene: ${message}` }],
    };
  }
}
