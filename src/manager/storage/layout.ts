import { join, resolve } from "node:path";
import { isOutputName } from "#domain/output.ts";
import { makeFolder } from "./durable.ts";

/**
 * Where everything lies under the storage root. Paths are made of ids and checked names only, never of what a user calls a file.
 *
 *     uploads/<file-id>                                as received
 *     jobs/<job-id>/context.tar                        what a runner needs
 *     jobs/<job-id>/logs/<task-id>-<attempt>.log
 *     outputs/<job-id>/<name>                          frames and videos
 *     outputs/<job-id>/previews/<file-id>[-<width>].<extension>
 *     blender-versions/                                unpacked Blenders, and their archives beside them
 *     temp/                                            unfinished writes
 *     temp/upload-<id>                                 resumable uploads, until a job has them
 */
export type Layout = {
  readonly root: string;
  readonly uploads: string;
  readonly jobs: string;
  readonly outputs: string;
  readonly blenderVersions: string;
  readonly temp: string;
};

/** The one folder that stands among a job's outputs. */
const PREVIEWS = "previews";

/** Opens the storage under `root`, making the folders that are missing. */
export async function openLayout(root: string): Promise<Layout> {
  const at = (folder: string): string => resolve(root, folder);
  const layout: Layout = {
    root: resolve(root),
    uploads: at("uploads"),
    jobs: at("jobs"),
    outputs: at("outputs"),
    blenderVersions: at("blender-versions"),
    temp: at("temp"),
  };
  for (const folder of Object.values(layout)) await makeFolder(folder);
  return layout;
}

/** The file of an upload, as received. */
export function uploadPath(layout: Layout, fileId: number): string {
  return join(layout.uploads, id(fileId));
}

/** The name in `temp/` of what has arrived of a resumable upload. */
export function resumableName(uploadId: number): string {
  return `upload-${id(uploadId)}`;
}

/** The folder of what a job needs and says: its context and its logs. */
export function jobFolder(layout: Layout, jobId: number): string {
  return join(layout.jobs, id(jobId));
}

/** The project as runners fetch it. */
export function contextPath(layout: Layout, jobId: number): string {
  return join(jobFolder(layout, jobId), "context.tar");
}

/** The log of one attempt at a task. */
export function attemptLogPath(layout: Layout, jobId: number, taskId: number, attempt: number): string {
  return join(jobFolder(layout, jobId), "logs", `${id(taskId)}-${id(attempt)}.log`);
}

/** The folder of a job's frames and videos. */
export function outputFolder(layout: Layout, jobId: number): string {
  return join(layout.outputs, id(jobId));
}

/** The file of an output. The name must have passed `isOutputName`; any other is a bug, and never becomes a path. */
export function outputPath(layout: Layout, jobId: number, name: string): string {
  if (!isOutputName(name) || name === PREVIEWS)
    throw new TypeError(`not the name of an output: ${JSON.stringify(name)}`);
  return join(outputFolder(layout, jobId), name);
}

/** The picture of an output or upload that a browser can show, of the usual width or of another; the extension is without its dot. */
export function previewPath(layout: Layout, jobId: number, fileId: number, extension: string, width?: number): string {
  if (!/^[a-z0-9]{1,8}$/.test(extension)) throw new TypeError(`not an extension: ${JSON.stringify(extension)}`);
  const name = width === undefined ? id(fileId) : `${id(fileId)}-${id(width)}`;
  return join(outputFolder(layout, jobId), PREVIEWS, `${name}.${extension}`);
}

function id(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`not an id: ${value}`);
  return String(value);
}
