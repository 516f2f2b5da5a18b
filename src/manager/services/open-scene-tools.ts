import { AppError, type ErrorCode } from "#domain/app-error.ts";
import { chooseBlender } from "#domain/blender-choice.ts";
import { unbakedPhysics } from "#domain/judge-scene.ts";
import type { SceneMetadata } from "#domain/scene.ts";
import type { Warning } from "#domain/warning.ts";
import { BlendError, type BlendErrorCode } from "#formats/blend/error.ts";
import { checkExr } from "#formats/exr/check.ts";
import { channelIn, shownLayer } from "#formats/exr/shown-layer.ts";
import { openFileSource } from "#manager/storage/file-source.ts";
import { findProgram } from "#programs/find-program.ts";
import { findBlenders, type FoundBlender } from "#programs/blender/find.ts";
import { readScene } from "#programs/blender/read-scene.ts";
import type { SceneReading } from "#programs/blender/scene-reading.ts";
import { hashFile } from "#programs/own/hash.ts";
import { readBlendApart } from "#programs/own/read-blend.ts";
import { findPreviewTools, makePreview, type PreviewTools } from "#programs/preview.ts";
import { probeSandbox, type SandboxMode } from "#programs/probe-sandbox.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import { shrinkPicture } from "#programs/shrink.ts";
import type { Log } from "#system/log.ts";
import type { BlenderReading, PictureWish, ProjectToRead, SceneTools } from "./scene-tools.ts";

/** Blender's own reading evaluates the whole scene; beyond this our own reading has to do. */
const READING_SECONDS = 300;

const CODES: Record<BlendErrorCode, ErrorCode> = {
  empty: "not_a_scene",
  git_lfs_pointer: "not_a_scene",
  not_a_blend: "not_a_scene",
  truncated: "damaged_scene",
  damaged: "damaged_scene",
  too_large: "damaged_scene",
  unsupported: "damaged_scene",
};

export type SceneToolOptions = {
  sandbox: SandboxMode;
  /** Blenders, or folders of them, beside those on PATH. */
  blenders: readonly string[];
  /** Those that the farm keeps at this moment. */
  stored: () => FoundBlender[];
  log: Log;
};

/** Finds what this machine has to read scenes with. Blender is used only inside a sandbox. */
export async function openSceneTools(options: SceneToolOptions): Promise<SceneTools> {
  const [sandbox, blenders, previews] = await Promise.all([
    probeSandbox(options.sandbox),
    findBlenders({ paths: options.blenders, searchPath: process.env["PATH"] ?? "" }),
    findPreviewTools(),
  ]);
  const versions = blenders.map((blender) => blender.version).join(",") || "none";
  options.log.info("reading scenes", {
    sandbox: `${sandbox.kind} (${sandbox.detail})`,
    blenders: versions,
    withBlender: sandbox.kind !== "none",
  });
  // Those that the farm keeps come and go, so they are looked up for each reading.
  const all = (): FoundBlender[] => [...blenders, ...options.stored().filter(({ path }) => findProgram(path) !== null)];
  return {
    sandbox,
    installed: blenders.map(({ version }) => version),
    readBlend: readBlendOrTell,
    hashFile: (path, partsPath) => hashFile(path, partsPath === undefined ? {} : { partsPath }),
    makePreview: (exr, to, picture) => preview(previews, exr, to, picture),
    shrinkPreview: (picture, to, width) => shrinkPicture(picture, to, width, previews),
    get readWithBlender() {
      if (sandbox.kind === "none" || all().length === 0) return null;
      return (project: ProjectToRead, signal: AbortSignal) => readWith({ blenders: all(), sandbox }, project, signal);
    },
  };
}

async function readBlendOrTell(file: { path: string; offset: number; size: number }) {
  try {
    return await readBlendApart(file);
  } catch (error) {
    if (error instanceof BlendError) throw new AppError(CODES[error.code], error.message, { cause: error });
    throw error;
  }
}

async function preview(
  tools: PreviewTools,
  exr: string,
  to: string,
  { width, transparent, exposure }: PictureWish,
): Promise<void> {
  await using source = await openFileSource(exr);
  const { channels, layers } = await checkExr(source);
  const layer = shownLayer(layers);
  const hasAlpha = transparent && channels.some(({ name }) => name === channelIn(layer, "A"));
  await makePreview(exr, to, { width, exposure, hasAlpha, layer }, tools);
}

async function readWith(
  host: { blenders: readonly FoundBlender[]; sandbox: Sandbox },
  project: ProjectToRead,
  signal: AbortSignal,
): Promise<BlenderReading> {
  const { folder, metadata } = project;
  const choice = chooseBlender(
    host.blenders.map((one) => one.version),
    { file: metadata.blenderVersion, asked: null, pinned: null },
  );
  const blender = host.blenders.find((one) => one.version === choice?.version);
  if (!blender) throw new AppError("unavailable", `no Blender here may open a file of ${metadata.blenderVersion}`);
  const reading = await readScene(
    { blender: blender.path, sandbox: host.sandbox, homeFolder: project.home },
    { projectFolder: folder, mainFile: metadata.mainFile },
    { timeoutSeconds: READING_SECONDS, signal },
  );
  return { metadata: merged(metadata, reading), warnings: warningsOf(reading) };
}

/** What Blender says in the place of what the file says; names of files in the project stay as our own reader found them. */
function merged(metadata: SceneMetadata, reading: SceneReading): SceneMetadata {
  return {
    ...metadata,
    source: "blender",
    final: true,
    activeScene: reading.activeScene,
    scenes: reading.scenes,
    files: reading.files,
    scripts: reading.texts.filter((one) => one.register).map((one) => one.name),
    unbakedPhysics: reading.unbakedPhysics,
  };
}

/** What only Blender can tell; the physics in the words of our own reader, so that nothing is said twice. */
function warningsOf(reading: SceneReading): Warning[] {
  const physics = reading.unbakedPhysics.map(unbakedPhysics);
  if (reading.blockedScript === null) return physics;
  return [
    ...physics,
    {
      code: "script_blocked",
      message: `A script or driver of the file did not run, so the picture may differ: ${reading.blockedScript}`,
    },
  ];
}
