import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { SceneMetadata } from "#domain/scene.ts";
import { listProjectFiles } from "#manager/db/project-files.ts";
import type { PlacedFile } from "#manager/storage/context.ts";
import type { Farm } from "./farm.ts";
import { sceneMetadata } from "./scene-metadata.ts";
import type { ReadBlend } from "./scene-tools.ts";

/** More .blend files than this in one project are not all looked at; the user names the main one. */
const MAX_READ_BLENDS = 40;

/** Names in a message before the rest is counted. */
const NAMED_FILES = 5;

export type Project = { tar: string; files: readonly PlacedFile[] };

/** What a project's main .blend says; or, where it is not clear which that is, the sentence that asks. */
export type Review = { metadata: SceneMetadata; message: null } | { metadata: null; message: string };

/**
 * Finds a project's main .blend and reads it. The main one is the one that the job names; else the only one; else the only one that no
 * other links as a library; else the only one nearest to the top.
 */
export async function reviewProject(farm: Farm, job: Job, project: Project): Promise<Review> {
  const blends = project.files.filter(isBlend);
  const named = await chooseMain(farm, job, project, blends);
  if (typeof named === "string") return { metadata: null, message: named };
  const { blend, thumbnailPng } = await read(farm, project, named);
  const hasThumbnail = thumbnailPng !== null;
  const paths = { have: project.files.map((file) => file.path), blendFiles: blends.map((file) => file.path) };
  return {
    metadata: sceneMetadata(blend, {
      mainFile: named.path,
      ...paths,
      hasThumbnail,
      final: farm.tools.readWithBlender === null,
    }),
    message: null,
  };
}

/** The .blend files of a job's project: one of them is the main one. */
export function blendsIn(farm: Farm, jobId: number): string[] {
  return listProjectFiles(farm.db, jobId)
    .filter(isBlend)
    .map(({ path }) => path);
}

function isBlend({ path }: { path: string }): boolean {
  return path.toLowerCase().endsWith(".blend");
}

async function chooseMain(farm: Farm, job: Job, project: Project, blends: PlacedFile[]): Promise<PlacedFile | string> {
  if (job.mainFile !== null) {
    const named = project.files.find((file) => file.path === job.mainFile);
    return named ?? `The project has no file "${job.mainFile}". ${listed(blends)}`;
  }
  if (blends.length === 0) return "The project has no .blend file.";
  if (blends.length === 1) return blends[0]!;
  const roots = blends.length > MAX_READ_BLENDS ? blends : await unlinked(farm, project, blends);
  if (roots.length === 1) return roots[0]!;
  const depth = (file: PlacedFile): number => file.path.split("/").length;
  const least = Math.min(...roots.map(depth));
  const top = roots.filter((file) => depth(file) === least);
  return top.length === 1 ? top[0]! : `Several .blend files could be the main one; say which. ${listed(roots)}`;
}

/** The .blend files that no other one links as a library. */
async function unlinked(farm: Farm, project: Project, blends: PlacedFile[]): Promise<PlacedFile[]> {
  const linked = new Set<string>();
  for (const blend of blends) {
    const file = await read(farm, project, blend).catch(() => null);
    for (const needed of file?.blend.files ?? []) if (needed.kind === "library") linked.add(baseName(needed.path));
  }
  const roots = blends.filter((blend) => !linked.has(baseName(blend.path)));
  return roots.length > 0 ? roots : blends;
}

async function read(farm: Farm, project: Project, entry: PlacedFile): Promise<ReadBlend> {
  try {
    return await farm.tools.readBlend({ path: project.tar, offset: entry.offset, size: entry.size });
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, `${entry.path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function baseName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).toLowerCase();
}

function listed(files: readonly PlacedFile[]): string {
  const named = files.slice(0, NAMED_FILES).map((file) => `"${file.path}"`);
  const rest = files.length - named.length;
  return `There are ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
