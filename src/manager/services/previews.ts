import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { renderedScene } from "#domain/scene.ts";
import { getOutputByName } from "#manager/db/outputs.ts";
import { listPictures } from "#manager/db/videos.ts";
import { listProjectFiles } from "#manager/db/project-files.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import { download } from "#manager/storage/download.ts";
import { contextPath, previewPath } from "#manager/storage/layout.ts";
import { fileExists } from "#manager/storage/durable.ts";
import { createTempFile } from "#manager/storage/temp-file.ts";
import { fileOf, pathOf } from "./downloads.ts";
import type { Farm } from "./farm.ts";

/** Wide enough for a page, small enough for a grid of them. */
const PREVIEW_WIDTH = 960;

/**
 * Answers with a picture of a file that a browser shows: of a frame as ImageMagick or FFmpeg make it, of a .blend the thumbnail that
 * Blender saved in it, of a video its first frame. Made on first use and kept. Throws `not_found` where there is none, `unavailable` where the program is missing.
 */
export async function previewOf(farm: Farm, job: Job, fileId: number, request: Request): Promise<Response> {
  const file = pictureOf(farm, fileOf(farm, job, fileId));
  const path = previewPath(farm.storage, job.id, file.id, file.kind === "upload" ? "png" : "webp");
  if (!(await fileExists(path))) await farm.previews.run(file.id, () => make(farm, job, file, path));
  const name = `${file.name}.${path.split(".").at(-1)}`;
  return download(request, { path, sha256: file.sha256, name, mtimeMs: file.createdAtMs, disposition: "inline" });
}

/** The frame that stands for a video; every other file stands for itself. */
function pictureOf(farm: Farm, file: StoredFile): StoredFile {
  if (file.kind !== "video") return file;
  const first = listPictures(farm.db, file.jobId, -1, 1)[0];
  const frame = first && getOutputByName(farm.db, file.jobId, first.name);
  if (!frame) throw new AppError("not_found", `There is no frame to stand for ${file.name}.`);
  return frame;
}

async function make(farm: Farm, job: Job, file: StoredFile, path: string): Promise<void> {
  if (await fileExists(path)) return;
  await using temp = await createTempFile(farm.storage);
  if (file.kind === "upload") await writeThumbnail(farm, job, temp.path);
  else if (file.name.endsWith(".exr"))
    await farm.tools.makePreview(pathOf(farm, file), temp.path, {
      width: PREVIEW_WIDTH,
      ...viewOf(farm, job),
    });
  else throw new AppError("not_found", `There is no preview of ${file.name}.`);
  await temp.commitTo(path);
}

async function writeThumbnail(farm: Farm, job: Job, to: string): Promise<void> {
  const metadata = getJobMetadata(farm.db, job.id);
  const main = metadata && listProjectFiles(farm.db, job.id).find((entry) => entry.path === metadata.mainFile);
  if (!main) throw new AppError("not_ready", "The scene is still being read.");
  const { thumbnailPng } = await farm.tools.readBlend({
    path: contextPath(farm.storage, job.id),
    offset: main.offset,
    size: main.size,
  });
  if (!thumbnailPng) throw new AppError("not_found", "The .blend was saved without a thumbnail.");
  await Bun.write(to, thumbnailPng);
}

/** How the frames of a job's scene are looked at; where nothing is known, they may have holes. */
function viewOf(farm: Farm, job: Job): { transparent: boolean; exposure: number } {
  const metadata = getJobMetadata(farm.db, job.id);
  const scene = metadata && renderedScene(metadata, job.scene);
  return { transparent: scene?.transparent ?? true, exposure: scene?.color.exposure ?? 0 };
}
