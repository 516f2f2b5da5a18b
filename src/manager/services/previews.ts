import { availableParallelism } from "node:os";
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
import { pathOf } from "./downloads.ts";
import type { Farm } from "./farm.ts";
import { writingFor } from "./removing-files.ts";

/** Widths in pixels: of a stamp in a grid, of a picture on a page, and of one that fills a large screen. */
const WIDTHS = { small: 240, medium: 960, large: 1920 } as const;
export type PreviewSize = keyof typeof WIDTHS;
export const PREVIEW_SIZES = Object.keys(WIDTHS) as PreviewSize[];

/** So many are made at a time, whoever asks for how many: the machine has other things to do. */
const LANES = Math.max(2, Math.min(8, Math.floor(availableParallelism() / 2)));

/** A picture never changes, for a frame is filed once; so a browser may keep it for a while without asking. */
const CACHE_CONTROL = "private, max-age=86400, immutable";

/**
 * Answers with a picture of a file that a browser shows: of a frame as ImageMagick or FFmpeg make it, of a .blend the thumbnail that
 * Blender saved in it, of a video its first frame. Made on first use and kept. Throws `not_found` where there is none, `unavailable` where the program is missing.
 */
export async function previewOf(
  farm: Farm,
  job: Job,
  asked: StoredFile,
  wanted: { size: PreviewSize; request: Request },
): Promise<Response> {
  const file = pictureOf(farm, asked);
  const isUpload = file.kind === "upload";
  const made = isUpload ? thumbnail(farm, job, file) : picture(farm, job, file, wanted.size);
  const path = await writingFor(farm, job.id, made);
  const name = `${file.name}.${path.split(".").at(-1)}`;
  const kept = isUpload ? {} : { cacheControl: CACHE_CONTROL };
  const etag = file.sha256 && `${file.sha256}-${wanted.size}`;
  return download(wanted.request, {
    ...{ path, sha256: etag, name, mtimeMs: file.createdAtMs, disposition: "inline" },
    ...kept,
  });
}

/** The frame that stands for a video; every other file stands for itself. */
function pictureOf(farm: Farm, file: StoredFile): StoredFile {
  if (file.kind !== "video") return file;
  const first = listPictures(farm.db, file.jobId, -1, 1)[0];
  const frame = first && getOutputByName(farm.db, file.jobId, first.name);
  if (!frame) throw new AppError("not_found", `There is no frame to stand for ${file.name}.`);
  return frame;
}

/** One lane for each file, so that two who ask for the same picture at once wait for the same work. */
function inLane<T>(farm: Farm, file: StoredFile, work: () => Promise<T>): Promise<T> {
  return farm.previews.run(file.id % LANES, work);
}

async function thumbnail(farm: Farm, job: Job, file: StoredFile): Promise<string> {
  const path = previewPath(farm.storage, job.id, file.id, "png");
  await inLane(farm, file, () => makeOnce(farm, path, (temp) => writeThumbnail(farm, job, temp)));
  return path;
}

async function picture(farm: Farm, job: Job, file: StoredFile, size: PreviewSize): Promise<string> {
  if (!file.name.endsWith(".exr")) throw new AppError("not_found", `There is no preview of ${file.name}.`);
  // Nothing is made larger than it is, down to the size of a stamp.
  const own = Math.max(WIDTHS.small, job.width ?? Infinity);
  const isLarge = size === "large" && own > WIDTHS.medium;
  const at = (width?: number) => previewPath(farm.storage, job.id, file.id, "webp", width);
  const path = isLarge ? at(WIDTHS.large) : size === "small" ? at(WIDTHS.small) : at();
  if (await fileExists(path)) return path;
  const view = viewOf(farm, job);
  const render = (to: string, most: number) =>
    makeOnce(farm, to, (temp) =>
      farm.tools.makePreview(pathOf(farm, file), temp, { width: Math.min(most, own), ...view }),
    );
  await inLane(farm, file, async () => {
    if (isLarge) return render(path, WIDTHS.large);
    await render(at(), WIDTHS.medium);
    if (size === "small") await makeOnce(farm, path, (temp) => farm.tools.shrinkPreview(at(), temp, WIDTHS.small));
  });
  return path;
}

async function makeOnce(farm: Farm, path: string, make: (temp: string) => Promise<void>): Promise<void> {
  if (await fileExists(path)) return;
  await using temp = await createTempFile(farm.storage);
  await make(temp.path);
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
