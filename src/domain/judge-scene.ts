import type { FailureReason } from "./failure.ts";
import type { JobOverrides } from "./job.ts";
import { renderedScene, type NeededFile, type SceneInfo, type SceneMetadata } from "./scene.ts";
import type { Warning } from "./warning.ts";

export type Problem = { reason: FailureReason; message: string };
export type Judgement = { problem: Problem | null; warnings: Warning[] };

/** The engines that come with Blender; files of before 2.80 name the old ones, which Blender turns into EEVEE. */
const KNOWN_ENGINES = new Set([
  "CYCLES",
  "BLENDER_EEVEE",
  "BLENDER_EEVEE_NEXT",
  "BLENDER_WORKBENCH",
  "BLENDER_RENDER",
  "BLENDER_GAME",
]);

/** Names in a warning before the rest is counted. */
const NAMED_FILES = 5;

/**
 * Judges before any runner is bothered whether a scene can be rendered as the job asks, and what will differ from the artist's own picture.
 * A `problem` stops the job; warnings do not.
 */
export function judgeScene(metadata: SceneMetadata, overrides: JobOverrides): Judgement {
  const scene = renderedScene(metadata, overrides.scene);
  if (!scene) return { problem: noSuchScene(metadata, overrides.scene), warnings: [] };
  return {
    problem:
      cameraProblem(metadata, scene, overrides) ?? engineProblem(scene, overrides) ?? libraryProblem(metadata.files),
    warnings: [...fileWarnings(metadata.files), ...scriptWarnings(metadata), ...physicsWarnings(metadata)],
  };
}

function noSuchScene(metadata: SceneMetadata, name: string | null): Problem {
  const there = metadata.scenes.map((scene) => `"${scene.name}"`).join(", ");
  return {
    reason: "load_failed",
    message: name === null ? "The file has no scene." : `The file has no scene "${name}"; it has ${there}.`,
  };
}

function cameraProblem(metadata: SceneMetadata, scene: SceneInfo, overrides: JobOverrides): Problem | null {
  if (overrides.camera !== null) {
    // our reader cannot see the cameras that come from a library; Blender will say it if there is none of that name
    const mayBeLinked = metadata.source === "file" && metadata.files.some((file) => file.kind === "library");
    if (scene.cameras.includes(overrides.camera) || mayBeLinked) return null;
    const there = scene.cameras.map((name) => `"${name}"`).join(", ") || "none";
    return {
      reason: "no_camera",
      message: `The scene "${scene.name}" has no camera "${overrides.camera}"; its cameras: ${there}.`,
    };
  }
  if (scene.camera !== null || scene.sequencer || scene.cameraMarkers.length > 0) return null;
  const there = scene.cameras.map((name) => `"${name}"`).join(", ");
  const hint = there === "" ? "" : ` It has ${there}; choose one as the job's camera.`;
  return { reason: "no_camera", message: `The scene "${scene.name}" has no active camera.${hint}` };
}

function engineProblem(scene: SceneInfo, overrides: JobOverrides): Problem | null {
  const engine = overrides.engine ?? scene.engine;
  // an add-on that the job switches on may bring it; the runner will know
  if (KNOWN_ENGINES.has(engine) || overrides.addons.length > 0) return null;
  return {
    reason: "blender_unavailable",
    message: `The scene renders with "${engine}", an add-on that is not on. Choose Cycles or EEVEE for the job, or name the add-on, if it comes with Blender.`,
  };
}

function libraryProblem(files: readonly NeededFile[]): Problem | null {
  const libraries = files.filter(
    (file) => file.kind === "library" && file.missing && !file.packed && file.nearMatch === null,
  );
  if (libraries.length === 0) return null;
  return {
    reason: "missing_files",
    message: `Linked libraries were not uploaded: ${names(libraries)}. Add them to the project.`,
  };
}

function fileWarnings(files: readonly NeededFile[]): Warning[] {
  const missing = files.filter(
    (file) => file.missing && !file.packed && (file.kind !== "library" || file.nearMatch !== null),
  );
  return missing.map((file) =>
    file.nearMatch === null
      ? { code: "missing_file", message: `The ${file.kind} "${file.path}" was not uploaded.` }
      : {
          code: "missing_file_case",
          message: `The ${file.kind} "${file.path}" is in the project as "${file.nearMatch}"; that one is used.`,
        },
  );
}

function scriptWarnings(metadata: SceneMetadata): Warning[] {
  return metadata.scripts.map((name) => ({
    code: "script_blocked",
    message: `The script "${name}" runs on the artist's machine when the file is opened; it does not run here.`,
  }));
}

function physicsWarnings(metadata: SceneMetadata): Warning[] {
  return metadata.unbakedPhysics.map(unbakedPhysics);
}

/** The warning about physics that are not baked, such as `cloth of "Flag"`. */
export function unbakedPhysics(name: string): Warning {
  const message = `The ${name} is not baked, so frames rendered apart may not fit together. Bake it and upload again.`;
  return { code: "unbaked_physics", message };
}

function names(files: readonly NeededFile[]): string {
  const named = files.slice(0, NAMED_FILES).map((file) => `"${file.path}"`);
  const rest = files.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}
